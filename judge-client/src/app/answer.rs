//! The card of one cell: what is looked at, what stands there and how safe it is, and the way to
//! answer that fits how the aspect is marked.

use domain::finding::Language;
use domain::id::EntryId;
use domain::number::Decimal;
use domain::scheme::{Aspect, Calculation, Method, PanelScoring};
use domain::scoring::Value;
use leptos::prelude::*;
use protocol::judge::{Made, Revealed, Score};

use super::browser;
use super::notes;
use super::pad::Pad;
use super::sheet::focus;
use super::state::Ui;
use super::why::{CORRECTION, UNLOCK, Why as Ask};
use super::words;
use crate::book::{Aside, NotCounted, Reach, Spot};

/// Up to how many things are counted by a button each.
pub(super) const BUTTONS_MAX: u32 = 12;

/// What of a cell the card follows.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Shown {
    value: Option<Value>,
    reach: Option<Reach>,
    round: u32,
    previous: Option<Value>,
    revealed: Vec<Revealed>,
    is_late: bool,
    is_locked: bool,
    asked_unlock: Option<bool>,
    takes: bool,
    /// Who marks there instead, where this judge does not.
    marked_by: Option<String>,
    empty_seats: String,
    waits_for: String,
    conflict: Vec<Made>,
    aside: Option<(EntryId, Value, Why)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Why {
    NotSaved,
    Conflict,
    Said(String),
}

#[component]
pub(super) fn Card(ui: Ui, spot: Spot, go_on: Callback<()>) -> impl IntoView {
    let Some(aspect) = ui.book.with_untracked(|book| book.as_ref()?.aspect(spot).cloned()) else {
        return ().into_any();
    };
    let shown = Memo::new(move |_| {
        ui.book.with(|book| {
            let book = book.as_ref()?;
            let (seen, told) = (book.seen(spot)?, book.told(spot)?);
            let aside = seen.aside.as_ref().map(|Aside { entry, value, why }| {
                let why = match why {
                    NotCounted::NotSaved => Why::NotSaved,
                    NotCounted::Conflict => Why::Conflict,
                    NotCounted::Late(code) | NotCounted::Refused(code) => Why::Said((*code).to_owned()),
                };
                (*entry, (*value).clone(), why)
            });
            Some(Shown {
                value: seen.value.cloned(),
                reach: seen.value.and(seen.reach),
                round: seen.round,
                previous: told.previous.clone(),
                revealed: told.revealed.clone(),
                is_late: book.is_late(spot),
                is_locked: book.sheet(spot)?.is_locked && !told.is_unlocked,
                asked_unlock: told.asked_unlock,
                takes: book.takes(spot),
                marked_by: book.sheet(spot)?.marked_by.clone(),
                empty_seats: book.sheet(spot)?.empty_seats.clone(),
                waits_for: told.waits_for.clone(),
                conflict: told.conflict.clone(),
                aside,
            })
        })
    });
    let value = Memo::new(move |_| shown.get().and_then(|shown| shown.value));
    // What is to take the place of a value that stands, until it is said why.
    let correcting = RwSignal::new(None::<Value>);
    let enter = move |value: Value, reason: Option<String>| {
        let is_cleared = value == Value::Missing;
        if ui.enter(spot, value, reason) && !is_cleared {
            go_on.run(());
        }
    };
    let give = Callback::new(move |given: Value| {
        let stands = value.get_untracked();
        if stands.as_ref() == Some(&given) {
            // It is there already.
            ui.typed.set(String::new());
            go_on.run(());
        } else if stands.is_some() && !ui.can_take_back(spot) {
            correcting.set(Some(given));
        } else {
            enter(given, None);
        }
    });
    let decide = Callback::new(move |reason: Option<String>| {
        let given = correcting.get_untracked();
        correcting.set(None);
        focus();
        if let (Some(given), Some(reason)) = (given, reason) {
            enter(given, Some(reason));
        }
    });
    let asking = RwSignal::new(false);
    let ask = Callback::new(move |reason: Option<String>| {
        asking.set(false);
        focus();
        if let Some(reason) = reason {
            ui.ask_unlock(spot, reason);
        }
    });
    let takes = move || shown.get().is_some_and(|shown| shown.takes);
    let input = {
        let aspect = aspect.clone();
        move || {
            if let Some(words) = shown.get().and_then(|shown| shown.marked_by) {
                let none = ui.say("不由您评", "Not yours to mark");
                let words = if words.is_empty() { none.to_owned() } else { words };
                return view! { <p class="notice-box">"⊘ " {words}</p> }.into_any();
            }
            if !takes() {
                return view! {
                    <p class="notice-box">
                        {ui.say("您的席位不计分；测量值由计分的裁判录入。", "Your seat does not count; a counting judge enters the measurement.")}
                    </p>
                }
                .into_any();
            }
            if let Some(after) = correcting.get() {
                let said = |value: &Value| words::value(&aspect, value, ui.language.get_untracked());
                let subject = format!(
                    "{} → {}",
                    value.get_untracked().as_ref().map(said).unwrap_or_default(),
                    said(&after)
                );
                return view! { <Ask ui question=CORRECTION subject decide /> }.into_any();
            }
            if asking.get() {
                return view! { <Ask ui question=UNLOCK subject=aspect.id.to_string() decide=ask /> }
                    .into_any();
            }
            // What should not stand there at all, a mark for somebody else, say, is made nothing again.
            let clear = move || {
                if ui.can_take_back(spot) {
                    ui.take_back();
                } else {
                    correcting.set(Some(Value::Missing));
                }
            };
            view! {
                {answer(ui, aspect.clone(), value, give)}
                <button class="quiet clear" hidden=move || value.get().is_none() on:click=move |_| if ui.is_fresh_tap() { clear() }>
                    {ui.say("✕ 改回未评", "✕ Back to not marked")}
                </button>
            }
            .into_any()
        }
    };
    let (about, mark_of) = (aspect.clone(), aspect.clone());
    view! {
        <header class="aspect">
            {notes::button(ui, spot)}
            <p class="quiet">
                <span class="mono">{about.id.to_string()}</span>
                " · "
                {let method = about.method.clone(); move || kind(&method, ui)}
                " · "
                {let max = about.max; move || match ui.language.get() {
                    Language::Chinese => format!("满分 {max}"),
                    Language::English => format!("maximum {max}"),
                }}
            </p>
            <h2>{about.description.clone()}</h2>
            {(!about.requirement.is_empty()).then(|| view! { <p class="requirement">{about.requirement.clone()}</p> })}
            {(!about.note.is_empty()).then(|| view! { <p class="quiet">{about.note.clone()}</p> })}
            {let aspect = about.clone(); move || rule(&aspect, ui.language.get()).map(|rule| view! { <p class="rule">{rule}</p> })}
            {(!matches!(about.method, Method::Measurement(_))).then_some(move || {
                let words = shown.get().map(|shown| shown.empty_seats).filter(|words| !words.is_empty());
                words.map(|words| view! { <p class="rule">{words}</p> })
            })}
        </header>
        {move || shown.get().filter(|shown| shown.round > 1).map(|shown| round(ui, &shown))}
        {move || shown.get().filter(|shown| shown.is_late).map(|shown| view! {
            <div class="notice-box">
                <p>{ui.say(
                    "这里已锁定、已结束或选手已退出：现在录入的会保留，由裁判长决定是否计入。",
                    "Locked, over, or the competitor is out: what is entered now is kept, and the chief judge decides whether it counts.",
                )}</p>
                {(shown.is_locked && shown.takes).then(|| unlock(ui, shown.asked_unlock, asking))}
            </div>
        })}
        {let aspect = about.clone(); move || shown.get().and_then(|shown| aside(ui, spot, &aspect, &shown))}
        <p class="stands" role="status">
            {move || {
                let shown = shown.get()?;
                let language = ui.language.get();
                Some(match (shown.value, shown.reach) {
                    (Some(value), Some(reach)) => {
                        let mark = words::mark(&mark_of, &value).map(|mark| match language {
                            Language::Chinese => format!(" → {mark} 分"),
                            Language::English => format!(" → mark {mark}"),
                        });
                        view! {
                            <strong>{words::value(&mark_of, &value, language)}</strong>
                            {mark}
                            <span class=format!("reach {}", class_of(reach))>
                                {words::reach_shape(reach)} " " {words::reach(reach, ui.is_lasting.get(), language)}
                            </span>
                        }
                        .into_any()
                    }
                    _ => view! { <span class="quiet">{ui.say("未评", "Not marked")}</span> }.into_any(),
                })
            }}
        </p>
        {move || shown.get().map(|shown| revealed(ui, &shown.revealed))}
        {move || shown.get().filter(|shown| !shown.waits_for.is_empty() && shown.value.is_some()).map(|shown| view! {
            <p class="quiet waits">{ui.say("等 ", "Waiting for ")} {shown.waits_for}</p>
        })}
        {input}
    }
    .into_any()
}

/// The way to ask for an aspect of a locked sheet, or how that stands.
fn unlock(ui: Ui, asked: Option<bool>, asking: RwSignal<bool>) -> AnyView {
    if asked == Some(false) {
        return view! { <p>{ui.say("已申请解锁，等裁判长。", "You asked to open it; the chief judge decides.")}</p> }
            .into_any();
    }
    view! {
        {asked.map(|_| view! { <p>{ui.say("裁判长没有同意解锁。", "The chief judge did not agree to open it.")}</p> })}
        <button hidden=move || asking.get() on:click=move |_| if ui.is_fresh_tap() { asking.set(true) }>
            {ui.say("申请解锁这一项……", "Ask to open this aspect …")}
        </button>
    }
    .into_any()
}

/// What the whole panel said, once all have scored.
pub(super) fn revealed(ui: Ui, rounds: &[Revealed]) -> AnyView {
    let several = rounds.len() > 1;
    let rounds = rounds.iter().map(|Revealed { round, scores }| {
        let head = match (ui.language.get(), several) {
            (Language::Chinese, false) => "本组打分".to_owned(),
            (Language::Chinese, true) => format!("第 {round} 轮"),
            (Language::English, false) => "The panel".to_owned(),
            (Language::English, true) => format!("Round {round}"),
        };
        let scores = scores.iter().map(|Score { judge, value }| {
            let said = match value {
                Value::Number(number) => number.to_string(),
                _ => "–".to_owned(),
            };
            view! { <span class="score"><span class="mono">{judge.to_string()}</span> <strong>{said}</strong></span> }
        });
        view! { <p class="revealed"><span class="quiet">{head}</span> {scores.collect::<Vec<_>>()}</p> }
    });
    rounds.collect::<Vec<_>>().into_any()
}

/// That all score again, and what was said before.
fn round(ui: Ui, shown: &Shown) -> impl IntoView + use<> {
    let previous = match &shown.previous {
        Some(Value::Number(number)) => number.to_string(),
        _ => "–".to_owned(),
    };
    let words = match ui.language.get() {
        Language::Chinese => format!(
            "裁判之间的分差超过规定，请商议后重新打分（第 {} 轮）。您上一轮打了 {previous}。",
            shown.round
        ),
        Language::English => format!(
            "The judges' scores lie further apart than the rule allows: talk, then score again (round {}). You said {previous} before.",
            shown.round
        ),
    };
    view! { <p class="notice-box attention">"⚠ " {words}</p> }
}

/// An own entry that does not count: both values side by side, and what can be done.
fn aside(ui: Ui, spot: Spot, aspect: &Aspect, shown: &Shown) -> Option<AnyView> {
    let (id, mine, why) = shown.aside.clone()?;
    let language = ui.language.get();
    let mine_said = words::value(aspect, &mine, language);
    let there =
        shown.value.as_ref().map_or_else(|| "–".to_owned(), |there| words::value(aspect, there, language));
    let again = mine.clone();
    let stands = shown.value.clone().unwrap_or(Value::Missing);
    Some(match why {
        Why::NotSaved => view! {
            <div class="notice-box attention" role="alert">
                <p>"⚠ " {ui.say("这台设备没能保存：", "This device could not save it: ")} <strong>{mine_said}</strong></p>
                <p>{ui.say("再记一次；还不行，多半是存储已满，请裁判长换一台平板。", "Enter it again; if that fails, its storage is probably full: ask the chief judge for another tablet.")}</p>
                <p class="acts">
                    <button class="primary" on:click=move |_| if ui.is_fresh_tap() { ui.insist(spot, id, again.clone(), false) }>{ui.say("再记一次", "Enter it again")}</button>
                    <button on:click=move |_| if ui.is_fresh_tap() { ui.put_aside(id) }>{ui.say("不要了", "Drop it")}</button>
                </p>
            </div>
        }
        .into_any(),
        Why::Conflict => view! {
            <div class="notice-box attention conflict" role="alert">
                <p>"⚠ " {ui.say("这里已有别的值；两个值都保留。", "Another value stands here; both are kept.")}</p>
                <dl>
                    <div><dt>{ui.say("您记的", "You entered")}</dt><dd>{mine_said}</dd>{made(&shown.conflict, 0)}</div>
                    <div><dt>{ui.say("现在的值", "Stands there now")}</dt><dd>{there}</dd>{made(&shown.conflict, 1)}</div>
                </dl>
                <p class="acts">
                    <button on:click=move |_| if ui.is_fresh_tap() { ui.insist(spot, id, again.clone(), true) }>{ui.say("用我的", "Keep mine")}</button>
                    <button on:click=move |_| if ui.is_fresh_tap() { ui.insist(spot, id, stands.clone(), true) }>{ui.say("用现在的", "Keep what stands there")}</button>
                    <button on:click=move |_| if ui.is_fresh_tap() { ui.put_aside(id) }>{ui.say("请裁判长定", "Let the chief judge decide")}</button>
                </p>
                <p class="quiet">{ui.say("两个值都记在账本里。定下之前，这张表不能签字。", "Both values are in the ledger. Until one is settled on, the sheet cannot be signed.")}</p>
            </div>
        }
        .into_any(),
        Why::Said(code) => view! {
            <div class="notice-box attention" role="alert">
                <p>"⚠ " {ui.say("没有计入：", "It does not count: ")} <strong>{mine_said}</strong></p>
                <p>{super::later::why_not(&code, language)}</p>
                <p class="acts"><button on:click=move |_| if ui.is_fresh_tap() { ui.put_aside(id) }>{ui.say("知道了", "OK")}</button></p>
            </div>
        }
        .into_any(),
    })
}

/// Who entered one of the two values, when by this device's clock, and on which device.
fn made(conflict: &[Made], at: usize) -> Option<AnyView> {
    let Made { at, device, judge } = conflict.get(at)?;
    let clock = browser::clock(*at);
    Some(view! { <dd class="quiet mono">{format!("{judge} · {clock} · …{device}")}</dd> }.into_any())
}

fn answer(ui: Ui, aspect: Aspect, value: Memo<Option<Value>>, give: Callback<Value>) -> AnyView {
    match aspect.method.clone() {
        Method::Measurement(Calculation::PassFail) => pass_fail(ui, &aspect, value, give),
        Method::Measurement(Calculation::Choice { choices, .. }) => {
            let options =
                choices.into_iter().map(|choice| (Value::Choice(choice.label.clone()), choice.label));
            Choices::new(ui, value, give).show("choices", options.collect())
        }
        Method::Measurement(Calculation::NumberCompleted { possible }) if possible <= BUTTONS_MAX => {
            let options = (0..=possible)
                .map(|count| (Value::Number(Decimal(i64::from(count) * Decimal::ONE.0)), count.to_string()));
            Choices::new(ui, value, give).show("counts", options.collect())
        }
        Method::Judgement { rungs } => judgement(ui, rungs, value, give),
        Method::Panel(_) | Method::Measurement(_) => view! { <Pad ui aspect give /> }.into_any(),
    }
}

fn pass_fail(ui: Ui, aspect: &Aspect, value: Memo<Option<Value>>, give: Callback<Value>) -> AnyView {
    let max = aspect.max;
    let option = move |is_pass: bool| {
        let this = Value::Number(if is_pass { Decimal::ONE } else { Decimal(0) });
        let is_chosen =
            move || matches!(value.get(), Some(Value::Number(number)) if (number.0 != 0) == is_pass);
        let mark = if is_pass { max.to_string() } else { "0.00".to_owned() };
        view! {
            <button
                class=if is_pass { "answer yes" } else { "answer no" }
                aria-pressed=move || if is_chosen() { "true" } else { "false" }
                on:click=move |_| if ui.is_fresh_tap() { give.run(this.clone()) }
            >
                <strong>{move || if is_pass { ui.say("✓ 是", "✓ Yes") } else { ui.say("✗ 否", "✗ No") }}</strong>
                <span class="quiet">{mark}</span>
                <kbd aria-hidden="true">{if is_pass { "1" } else { "0" }}</kbd>
            </button>
        }
    };
    let keys = move |event: web_sys::KeyboardEvent| match event.key().as_str() {
        "1" | "y" | "Y" => give.run(Value::Number(Decimal::ONE)),
        "0" | "n" | "N" => give.run(Value::Number(Decimal(0))),
        _ => {}
    };
    keyed(
        keys,
        view! {
            <div class="answers pass-fail" role="group" aria-label=move || ui.say("是否达到", "Is it met?")>
                {option(true)} {option(false)}
            </div>
        }
        .into_any(),
    )
}

/// One button for each rung, its descriptor first.
fn judgement(ui: Ui, rungs: [String; 4], value: Memo<Option<Value>>, give: Callback<Value>) -> AnyView {
    let options = rungs.into_iter().zip(0_i32..).map(|(descriptor, rung)| {
        let this = Value::Number(Decimal::whole(rung));
        let chosen = this.clone();
        let without = move || if rung == 0 { ui.say("未达到", "Below the standard") } else { "" };
        let is_described = !descriptor.is_empty();
        view! {
            <button
                class="answer rung"
                aria-pressed=move || if value.get().as_ref() == Some(&chosen) { "true" } else { "false" }
                on:click=move |_| if ui.is_fresh_tap() { give.run(this.clone()) }
            >
                <span class="descriptor">{if is_described { descriptor.into_any() } else { view! { {without} }.into_any() }}</span>
                <strong>{rung}</strong>
            </button>
        }
    });
    let keys = move |event: web_sys::KeyboardEvent| {
        if let Ok(rung) = event.key().parse::<i32>()
            && (0..=3).contains(&rung)
        {
            give.run(Value::Number(Decimal::whole(rung)));
        }
    };
    let options = options.collect::<Vec<_>>();
    keyed(keys, view! {
        <div class="answers judgement" role="group" aria-label=move || ui.say("打分 0 到 3", "Score 0 to 3")>{options}</div>
    }.into_any())
}

/// A button for each of a few values.
struct Choices {
    ui: Ui,
    value: Memo<Option<Value>>,
    give: Callback<Value>,
}

impl Choices {
    fn new(ui: Ui, value: Memo<Option<Value>>, give: Callback<Value>) -> Self {
        Self { ui, value, give }
    }

    fn show(self, class: &'static str, options: Vec<(Value, String)>) -> AnyView {
        let Self { ui, value, give } = self;
        let values: Vec<Value> = options.iter().map(|(value, _)| value.clone()).collect();
        let buttons = options.into_iter().map(|(this, label)| {
            let chosen = this.clone();
            view! {
                <button
                    class="answer"
                        aria-pressed=move || if value.get().as_ref() == Some(&chosen) { "true" } else { "false" }
                    on:click=move |_| if ui.is_fresh_tap() { give.run(this.clone()) }
                >
                    <strong>{label}</strong>
                </button>
            }
        });
        let is_counted = class == "counts";
        let keys = move |event: web_sys::KeyboardEvent| {
            let Ok(number) = event.key().parse::<usize>() else { return };
            // Counts are named by themselves, choices by their place.
            let place = if is_counted { Some(number) } else { number.checked_sub(1) };
            // With ten or more, one digit may be the beginning of another.
            let is_clear = values.len() <= 10;
            if let Some(value) = place.and_then(|place| values.get(place)).filter(|_| is_clear) {
                give.run(value.clone());
            }
        };
        let buttons = buttons.collect::<Vec<_>>();
        keyed(keys, view! {
            <div class=format!("answers {class}") role="group" aria-label=move || ui.say("选择", "Choose")>{buttons}</div>
        }.into_any())
    }
}

fn kind(method: &Method, ui: Ui) -> &'static str {
    match method {
        Method::Measurement(_) => ui.say("测量", "Measurement"),
        Method::Judgement { .. } => ui.say("评判", "Judgement"),
        Method::Panel(_) => ui.say("评分组打分", "Panel score"),
    }
}

/// How a value becomes a mark, where that is not plain to see.
fn rule(aspect: &Aspect, language: Language) -> Option<String> {
    let percent = |unit: domain::scheme::Unit| if unit == domain::scheme::Unit::Percent { "%" } else { "" };
    match &aspect.method {
        Method::Measurement(Calculation::NumberCompleted { possible }) => Some(match language {
            Language::Chinese => format!("完成了几个？共 {possible} 个。"),
            Language::English => format!("How many of {possible} are done?"),
        }),
        Method::Measurement(Calculation::Ranged { target, bands, unit }) => {
            let target = words::with_unit(*target, aspect);
            let bands = bands.iter().map(|band| match language {
                Language::Chinese => {
                    format!("偏差 {}～{} 扣 {}{}", band.lower, band.upper, band.deduction, percent(*unit))
                }
                Language::English => {
                    format!("off by {} to {}: −{}{}", band.lower, band.upper, band.deduction, percent(*unit))
                }
            });
            let bands = bands.collect::<Vec<_>>().join(words::pick(language, "；", "; "));
            Some(match language {
                Language::Chinese => format!("目标 {target}。{bands}；其余 0 分。"),
                Language::English => format!("Target {target}; {bands}; else nothing."),
            })
        }
        Method::Measurement(Calculation::Difference { target, per, per_unit, deduction, unit }) => {
            let target = words::with_unit(*target, aspect);
            Some(match language {
                Language::Chinese => {
                    format!(
                        "目标 {target}；每偏离 {per}{} 扣 {deduction}{}。",
                        percent(*per_unit),
                        percent(*unit)
                    )
                }
                Language::English => {
                    format!(
                        "Target {target}; −{deduction}{} for every {per}{} off.",
                        percent(*unit),
                        percent(*per_unit)
                    )
                }
            })
        }
        Method::Panel(scoring) => {
            let PanelScoring { score_min, score_max, score_step, drop_high, drop_low, .. } = scoring;
            let is_dropped = drop_high + drop_low > 0;
            Some(match language {
                Language::Chinese => {
                    let dropped = if is_dropped {
                        format!("去掉 {drop_high} 高 {drop_low} 低后平均")
                    } else {
                        "其余平均".to_owned()
                    };
                    format!("{score_min} 到 {score_max}，步长 {score_step}；缺席的不计，{dropped}。")
                }
                Language::English => {
                    let dropped = if is_dropped {
                        format!("then {drop_high} highest and {drop_low} lowest, ")
                    } else {
                        String::new()
                    };
                    format!(
                        "{score_min} to {score_max} by {score_step}. Absent judges left out, {dropped}the rest averaged."
                    )
                }
            })
        }
        _ => None,
    }
}

fn class_of(reach: Reach) -> &'static str {
    match reach {
        Reach::Saving => "saving",
        Reach::Saved => "saved",
        Reach::Received => "received",
        Reach::Sealed => "sealed",
    }
}

/// Keys that answer, as long as the card is what is looked at.
fn keyed(keys: impl Fn(web_sys::KeyboardEvent) + 'static, view: AnyView) -> AnyView {
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        let is_plain = !(event.ctrl_key() || event.alt_key() || event.meta_key() || event.repeat());
        let target =
            event.target().and_then(|target| wasm_bindgen::JsCast::dyn_into::<web_sys::Element>(target).ok());
        // Single keys answer only while the card or something on it has the focus (WCAG 2.1.4).
        let is_here = target.is_some_and(|target| target.closest(".card").ok().flatten().is_some());
        if is_plain && is_here {
            keys(event);
        }
    });
    on_cleanup(move || handle.remove());
    view
}
