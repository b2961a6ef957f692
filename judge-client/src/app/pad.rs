//! The pad for numbers: digits, or for a panel's scores the wholes and parts of them where those say all.

use domain::finding::Language;
use domain::number::{Decimal, NumberError, narrow};
use domain::scheme::{Aspect, Calculation, Method, PanelScoring};
use domain::scoring::{Value, measurement, panel};
use leptos::prelude::*;

use super::answer::BUTTONS_MAX;
use super::state::Ui;
use super::words;

/// The whole scores that a judge of a panel may say, where they fit on the screen; else none.
fn wholes(scoring: &PanelScoring) -> Vec<Decimal> {
    let whole = |number: Decimal| number.0.div_euclid(Decimal::ONE.0);
    let (least, most) = (whole(scoring.score_min), whole(scoring.score_max));
    let scores: Vec<Decimal> = (least..=most)
        .map(|score| Decimal(score * Decimal::ONE.0))
        .filter(|score| *score >= scoring.score_min && panel::is_sayable(*score, scoring))
        .collect();
    let is_shown = scores.len() >= 2 && scores.len() <= usize::try_from(BUTTONS_MAX).unwrap_or_default();
    if is_shown { scores } else { Vec::new() }
}

/// What of a whole may be said beside it: none where it is said in wholes alone, or too finely for buttons.
fn parts(scoring: &PanelScoring) -> Vec<Decimal> {
    let (one, step) = (Decimal::ONE.0, scoring.score_step.0);
    let is_apt = step > 0 && one % step == 0 && step * 10 >= one;
    if is_apt { (1..one / step).map(|steps| Decimal(steps * step)).collect() } else { Vec::new() }
}

/// Whether everything that may be said is a whole and a part of one, each a button: then no digits are
/// typed on the screen.
fn is_covered(scoring: &PanelScoring) -> bool {
    let (one, least, step) = (Decimal::ONE.0, scoring.score_min.0, scoring.score_step.0);
    let is_whole = step > 0 && step % one == 0;
    least >= 0 && least % one == 0 && !wholes(scoring).is_empty() && (is_whole || !parts(scoring).is_empty())
}

/// Buttons for the whole scores of a panel aspect, and for the parts of one where they cover the rest.
fn whole_scores(ui: Ui, scoring: &PanelScoring) -> Option<AnyView> {
    let wholes = wholes(scoring);
    if wholes.is_empty() {
        return None;
    }
    let typed = move || Decimal::parse(&ui.typed.get()).ok();
    let whole_of = |Decimal(number)| Decimal(number - number.rem_euclid(Decimal::ONE.0));
    let button = |number: Decimal, is_part: bool| {
        let is_chosen = move || {
            typed().is_some_and(|typed| {
                let whole = whole_of(typed);
                number == if is_part { Decimal(typed.0 - whole.0) } else { whole }
            })
        };
        let choose = move |_| {
            if ui.is_fresh_tap() {
                let under = if is_part { typed().map_or(0, |typed| whole_of(typed).0) } else { 0 };
                ui.typed.set(Decimal(under + number.0).to_string());
            }
        };
        let text = number.to_string();
        let text = if is_part { text.trim_start_matches('0').to_owned() } else { text };
        view! {
            <button class:part=is_part aria-pressed=move || if is_chosen() { "true" } else { "false" } on:mousedown=stay on:click=choose>
                {text}
            </button>
        }
    };
    let parts = if is_covered(scoring) { parts(scoring) } else { Vec::new() };
    let buttons = wholes.into_iter().map(|whole| button(whole, false));
    let buttons = buttons.chain(parts.into_iter().map(|part| button(part, true))).collect::<Vec<_>>();
    Some(view! { <div class="wholes" role="group" aria-label=move || ui.say("分值", "Scores")>{buttons}</div> }.into_any())
}

/// A number pad with a field: real buttons, and keys as one is used to.
#[component]
pub(super) fn Pad(ui: Ui, aspect: Aspect, give: Callback<Value>) -> impl IntoView {
    let method = aspect.method.clone();
    let scoring = StoredValue::new(match &method {
        Method::Panel(scoring) => Some(scoring.clone()),
        _ => None,
    });
    let is_signed =
        matches!(method, Method::Measurement(Calculation::Ranged { .. } | Calculation::Difference { .. }));
    let unit = aspect.measured_in.clone();
    let read = StoredValue::new(aspect);
    let number = Memo::new(move |_| {
        let typed = ui.typed.get();
        (!typed.is_empty()).then(|| read.with_value(|aspect| checked(aspect, &typed, ui.language.get())))
    });
    let give_it = move || {
        if let Some(Ok(number)) = number.get_untracked() {
            give.run(Value::Number(number));
        }
    };
    let press = move |key: &'static str| {
        ui.is_typing();
        ui.typed.update(|typed| match key {
            "⌫" => drop(typed.pop()),
            "±" => match typed.strip_prefix('-') {
                Some(rest) => *typed = rest.to_owned(),
                None => typed.insert(0, '-'),
            },
            "." if typed.contains('.') => {}
            "." if typed.is_empty() || typed == "-" => typed.push_str("0."),
            key => typed.push_str(key),
        });
    };
    let key = move |key: &'static str| {
        let label = move || match key {
            "⌫" => ui.say("退格", "Delete"),
            "±" => ui.say("正负号", "Plus or minus"),
            key => key,
        };
        view! {
            <button class="key" aria-label=label on:mousedown=stay on:click=move |_| if ui.is_fresh_tap() { press(key) }>
                {key}
            </button>
        }
    };
    let step = move |is_up: bool| {
        let scoring = scoring.get_value()?;
        let (least, most, step) = (scoring.score_min.0, scoring.score_max.0, scoring.score_step.0);
        let next = match Decimal::parse(&ui.typed.get_untracked()) {
            // From beside a step to the next one.
            Ok(Decimal(present)) => {
                let over = (present - least).rem_euclid(step);
                let down = if over == 0 { step } else { over };
                if is_up { present - over + step } else { present - down }
            }
            // Nothing is proposed: the first step begins at an end.
            Err(_) if is_up => least,
            Err(_) => most,
        };
        let next = Decimal(next.clamp(least, most));
        ui.typed.set(next.to_string());
        Some(())
    };
    let stepper = move |is_up: bool| {
        let label =
            move || if is_up { ui.say("加一步", "A step up") } else { ui.say("减一步", "A step down") };
        view! {
            <button class="key" aria-label=label on:mousedown=stay on:click=move |_| if ui.is_fresh_tap() { step(is_up); }>
                {if is_up { "+" } else { "−" }}
            </button>
        }
    };
    let is_stepped = scoring.with_value(Option::is_some);
    let is_covered = scoring.with_value(|scoring| scoring.as_ref().is_some_and(is_covered));
    let keys = if is_covered {
        vec![stepper(false).into_any(), stepper(true).into_any(), key("⌫").into_any()]
    } else {
        // The fourth key of the second and third row: what the kind of aspect needs.
        let none = || view! { <span></span> }.into_any();
        let (second, third) = match (is_stepped, is_signed) {
            (true, _) => (stepper(true).into_any(), stepper(false).into_any()),
            (_, true) => (key("±").into_any(), none()),
            _ => (none(), none()),
        };
        let keys = |keys: &[&'static str]| keys.iter().map(|name| key(name).into_any()).collect::<Vec<_>>();
        let mut all = keys(&["7", "8", "9", "⌫", "4", "5", "6"]);
        all.push(second);
        all.extend(keys(&["1", "2", "3"]));
        all.push(third);
        all.extend(keys(&[".", "0"]));
        all
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Enter" {
            // A held key, or one that bounces, gives nothing at the place that comes next.
            if !event.repeat() && !ui.is_same_press() {
                give_it();
            }
            event.prevent_default();
        }
    };
    let said = move || match number.get() {
        Some(Ok(number)) => {
            let value = Value::Number(number);
            let mark = read.with_value(|aspect| words::mark(aspect, &value));
            let odd = read.with_value(|aspect| odd(aspect, number, ui.language.get()));
            let mark = mark.map(|mark| match ui.language.get() {
                Language::Chinese => format!("→ {mark} 分"),
                Language::English => format!("→ mark {mark}"),
            });
            view! { {mark} {odd.map(|odd| view! { <span class="odd">" ⚠ " {odd}</span> })} }.into_any()
        }
        Some(Err(problem)) => view! { <span class="problem">{problem}</span> }.into_any(),
        None => ().into_any(),
    };
    view! {
        {scoring.with_value(|scoring| whole_scores(ui, scoring.as_ref()?))}
        <div class="pad">
            <div class="field-line">
                <input
                    type="text"
                    inputmode="none"
                    autocomplete="off"
                    aria-label=move || ui.say("数值", "Value")
                    prop:value=move || ui.typed.get()
                    on:input=move |event| {
                        ui.is_typing();
                        ui.typed.set(plain(&event_target_value(&event)));
                    }
                    on:keydown=on_key
                />
                {(!unit.is_empty()).then(|| view! { <span class="unit">{unit.clone()}</span> })}
                <p class="said" role="status">{said}</p>
            </div>
            <div class="keys" class:few=is_covered>
                {keys}
                <button class="primary give" disabled=move || !matches!(number.get(), Some(Ok(_))) on:click=move |_| if ui.is_fresh_tap() { give_it() }>
                    {move || match (ui.language.get(), ui.typed.get()) {
                        (Language::Chinese, typed) if typed.is_empty() => "输入数值".to_owned(),
                        (Language::English, typed) if typed.is_empty() => "Value?".to_owned(),
                        (Language::Chinese, typed) => format!("记 {typed}"),
                        (Language::English, typed) => format!("Enter {typed}"),
                    }}
                </button>
            </div>
        </div>
    }
}

/// A tap on the pad leaves the keys where they are: Enter then gives what is typed, and does not press
/// the last button again.
fn stay(event: web_sys::MouseEvent) {
    event.prevent_default();
}

/// Full-width digits and a decimal comma as they are meant.
fn plain(typed: &str) -> String {
    narrow(typed.trim()).replace(',', ".")
}

/// The typed number, if the aspect takes it; else why not.
fn checked(aspect: &Aspect, typed: &str, language: Language) -> Result<Decimal, String> {
    let number = Decimal::parse(typed).map_err(|error| {
        let words = match error {
            NumberError::TooFine => words::pick(language, "小数位太多。", "Too many decimals."),
            NumberError::TooLarge => words::pick(language, "数值太大。", "The number is too large."),
            _ => words::pick(language, "这不是数值。", "That is no number."),
        };
        words.to_owned()
    })?;
    match &aspect.method {
        Method::Measurement(calculation) => {
            let fits = measurement::mark(aspect.max, calculation, &Value::Number(number));
            fits.map(|_| number).map_err(|refusal| refusal.say(language))
        }
        Method::Judgement { .. } => Ok(number),
        Method::Panel(scoring) => {
            let (least, most, step) = (scoring.score_min, scoring.score_max, scoring.score_step);
            if number < least || number > most {
                Err(measurement::ValueRefusal::OutOfRange { value: number, least, most }.say(language))
            } else if panel::is_sayable(number, scoring) {
                Ok(number)
            } else {
                Err(measurement::ValueRefusal::OffStep { value: number, step }.say(language))
            }
        }
    }
}

/// What is odd about a number that the aspect takes: a warning, never a refusal.
fn odd(aspect: &Aspect, number: Decimal, language: Language) -> Option<String> {
    let target = domain::marking::far_from_target(aspect, number)?;
    Some(match language {
        Language::Chinese => format!("离目标 {target} 很远，得 0 分；请核对。"),
        Language::English => format!("Far from the target {target}, so it gives nothing; look again."),
    })
}
