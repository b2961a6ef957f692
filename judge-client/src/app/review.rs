//! One sheet to look through before it is signed: what is missing first, then everything that the
//! signature is for, with the code of exactly that.

use domain::finding::Language;
use domain::ledger::Hash;
use leptos::prelude::*;

use super::answer::revealed;
use super::browser::{self, is_online};
use super::state::{Notice, Ui, View};
use super::why::{DECLINE, Why};
use super::words;
use crate::book::{Book, Spot};
use crate::{Connection, Standing};

#[component]
pub(super) fn Review(ui: Ui, spot: Spot) -> impl IntoView {
    let Spot { form, row, .. } = spot;
    let heading = move || {
        ui.book.with(|book| {
            let book = book.as_ref()?;
            let form = book.form(spot)?;
            let code = book.sheets().competitors.get(row)?.code.to_string();
            let sub = format!("{} {}", form.sub_criterion, form.name);
            Some(view! { <h1 class="code mono">{code}</h1> <p class="what">{sub}</p> })
        })
    };
    let lines = move || {
        ui.book.with(|book| {
            let book = book.as_ref()?;
            let columns = book.form(spot)?.aspects.len();
            // What is missing comes first.
            let places = [true, false].into_iter().flat_map(|is_first| {
                let all = (0..columns).map(|column| Spot { form, row, column });
                all.filter(move |spot| is_missing(book, *spot) == is_first)
            });
            Some(places.map(|spot| line(ui, book, spot)).collect::<Vec<_>>())
        })
    };
    // On the window: the button that signed is gone, and the focus with it.
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        if event.key() == "Escape" {
            ui.view.set(View::Sheet(spot));
        }
    });
    on_cleanup(move || keys.remove());
    // Whether the judge is asked why they do not sign, and the signature as drawn so far.
    let (asks_why, drawn) = (RwSignal::new(false), RwSignal::new(String::new()));
    browser::load_part("data-pad");
    ui.renew_soon();
    // What is signed must have been looked at: what was drawn for something else is not given for this.
    Effect::new(move |before: Option<Option<Hash>>| {
        let due = ui.book.with(|book| book.as_ref()?.to_sign(form, row));
        if let (Some(Some(before)), Some(due)) = (before, due)
            && before != due
        {
            ui.tell("sheet_changed");
        }
        due.or(before.flatten())
    });
    view! {
        <main class="review">
            <header class="who">{heading}</header>
            <ul class="lines">{lines}</ul>
            <section class="sign-box">
                {move || state_of(ui, spot)}
                <signature-pad
                    shows=move || on_pad(ui, spot)
                    hidden=move || asks_why.get()
                    on:change=move |event| drawn.set(event_target_value(&event))
                ></signature-pad>
                {move || acts(ui, spot, drawn, asks_why)}
            </section>
            <button on:click=move |_| ui.view.set(View::Sheet(spot))>"‹ " {move || ui.say("回到这张表", "Back to the sheet")}</button>
        </main>
    }
}

/// An aspect: what the judge entered, what the panel said, and what it comes to. It leads to its card.
fn line(ui: Ui, book: &Book, spot: Spot) -> Option<AnyView> {
    let language = ui.language.get();
    let (aspect, told, seen) = (book.aspect(spot)?, book.told(spot)?, book.seen(spot)?);
    let is_missing = is_missing(book, spot);
    let value = seen.value.map(|value| words::value(aspect, value, language));
    let value = value.unwrap_or_else(|| words::pick(language, "未评", "not marked").to_owned());
    let note = if is_missing && seen.value.is_some() && book.is_untold(spot.form, spot.row) {
        "…".to_owned()
    } else if is_missing && seen.value.is_some() {
        let panel = words::pick(language, "本组其他裁判", "the panel");
        let who = if told.waits_for.is_empty() { panel } else { &told.waits_for };
        words::pick(language, "⚠ 等", "⚠ waits for ").to_owned() + who
    } else if is_missing {
        "⚠".to_owned()
    } else if !told.waits_for.is_empty() {
        words::pick(language, "⚠ 等", "⚠ waits for ").to_owned() + &told.waits_for
    } else if told.is_corrected {
        words::pick(language, "改过", "corrected").to_owned()
    } else {
        String::new()
    };
    let mark = match (told.mark, language) {
        (Some(mark), Language::Chinese) => format!("{mark} 分"),
        (Some(mark), Language::English) => format!("mark {mark}"),
        (None, _) => "–".to_owned(),
    };
    let name = format!("{} {}", aspect.id, aspect.description);
    let panel = revealed(ui, told.revealed.last().map(std::slice::from_ref).unwrap_or_default());
    Some(
        view! {
            <li>
                <button class="line" on:click=move |_| ui.view.set(View::Sheet(spot))>
                    <span class="about">{name}</span>
                    <span class="says">{note}</span>
                    <strong>{value}</strong>
                    <span class="comes-to mono">{mark}</span>
                </button>
                {panel}
            </li>
        }
        .into_any(),
    )
}

/// How the signature stands, with the code of what it is for.
fn state_of(ui: Ui, spot: Spot) -> Option<AnyView> {
    let Spot { form, row, .. } = spot;
    let (sheet, due, has_unsent, is_untold, word, is_going) = ui.book.with(|book| {
        let book = book.as_ref()?;
        let (word, is_going) = (book.signed_off(spot).cloned(), book.signing_off(spot).is_some());
        let has_unsent = book.has_unsent(form, row);
        let due = book.to_sign(form, row);
        Some((book.sheet(spot)?.clone(), due, has_unsent, book.is_untold(form, row), word, is_going))
    })?;
    let refused = match word.as_ref().and_then(|word| word.standing.as_ref()).filter(|_| due.is_some()) {
        Some(Standing::NotSaved) => {
            let words = ui.say(
                "这台设备没能保存签字，请再签一次。",
                "This device could not save the signature: sign again.",
            );
            Some(words.to_owned())
        }
        Some(Standing::Received(confirmed) | Standing::Sealed(confirmed)) if !is_going => {
            Some(super::later::why_not(confirmed.code.as_deref().unwrap_or_default(), ui.language.get()))
        }
        _ => None,
    };
    let refused =
        refused.map(|words| view! { <p class="notice-box attention" role="alert">"⚠ " {words}</p> });
    let code = sheet.digest.map(|digest| {
        let name = ui.say("签字内容的校验码", "Code of what is signed");
        view! { <p class="digest">{name} " " <strong class="mono">{digest.short()}</strong></p> }
    });
    let going = word.filter(|_| is_going).map(|word| (word.declines, word.standing));
    let words = match going {
        Some((_, None)) => ui.say("正在保存……", "Saving …"),
        Some((false, Some(Standing::Saved))) => ui.say(
            "✓ 您已签字，已保存在本机；联网后自动上传。",
            "✓ You have signed; it is saved on this device, and sent once it connects.",
        ),
        Some((true, Some(Standing::Saved))) => ui.say(
            "⚠ 您没有签这张表；理由已保存在本机，联网后自动上传。",
            "⚠ You declined to sign; your reason is saved on this device, and sent once it connects.",
        ),
        _ if sheet.is_signed && sheet.is_locked => {
            ui.say("✓ 您已签字；评分表已锁定。", "✓ You have signed; the sheet is locked.")
        }
        Some((false, _)) => ui.say("✓ 您已签字。", "✓ You have signed."),
        None if sheet.is_signed => ui.say("✓ 您已签字。", "✓ You have signed."),
        _ if sheet.is_declined || going.is_some() => ui.say(
            "⚠ 您没有签这张表，理由已记入账本，裁判长会处理。改变主意时，仍可以签字。",
            "⚠ You declined to sign; your reason is in the ledger, and the chief judge sees to it. You can still sign.",
        ),
        _ if has_unsent => ui.say(
            "服务器还没有收到全部录入；收到后才能签字。",
            "The server has not received everything yet; sign once it has.",
        ),
        _ if is_untold => ui.say("正在核对最新内容……", "Bringing this up to date …"),
        _ if due.is_some() => ui.say(
            "签字即确认：以上内容是您的评分。之后改动任何一项，全组签字作废，需要重签。",
            "By signing you confirm that this is what you marked. If anything is changed later, all signatures are void and given again.",
        ),
        _ if sheet.digest.is_some() => {
            ui.say("您的席位不计分，不需要签字。", "Your seat does not count; no signature is needed.")
        }
        _ if sheet.cells.iter().all(|cell| cell.mark.is_some()) => ui.say(
            "有一个值等裁判长决定；定下后才能签字。",
            "A value waits for the chief judge's decision; sign once it is settled.",
        ),
        _ => ui.say(
            "还有没评完的项，或本组其他裁判还没有打分；完整后才能签字。",
            "Something is not marked yet, by you or by others of the panel; sign once it is complete.",
        ),
    };
    let signed_by = sheet.signed_by.map(|by| {
        let words = match ui.language.get() {
            Language::Chinese => format!("由 {by} 代签；有异议请找裁判长。"),
            Language::English => {
                format!("{by} signed for you; tell the chief judge if that is not right.")
            }
        };
        view! { <p class="notice-box">{words}</p> }
    });
    let empty = Some(sheet.empty_seats).filter(|words| !words.is_empty());
    let empty = empty.map(|words| view! { <p class="notice-box">{words}</p> });
    let competitor = sheet.competitor_signs_at.map(|address| view! { <ForCompetitor ui address /> });
    Some(view! { {refused} {empty} {code} <p role="status">{words}</p> {signed_by} {competitor} }.into_any())
}

/// The way to the page where the competitor signs, who sees nothing else there. It is the server's: without a
/// network a sentence stands in its place, and not the browser's own page about an error.
#[component]
fn ForCompetitor(ui: Ui, address: String) -> impl IntoView {
    const WAIT: (&str, &str) = (
        "联网后再请选手签字；评分和签字都在，不会丢。",
        "The competitor signs once there is a network again; nothing is lost.",
    );
    // The browser may know it before the connection is found to be dead.
    let go = move |event: web_sys::MouseEvent| {
        if !is_online() {
            event.prevent_default();
            let words = words::pick(ui.language.get_untracked(), WAIT.0, WAIT.1);
            ui.notice.set(Some(Notice::of(words.to_owned())));
        }
    };
    move || {
        if ui.link.get() == Connection::Live {
            let words = ui.say("请选手签字 ›", "Let the competitor sign ›");
            view! { <a href=address.clone() on:click=go>{words}</a> }.into_any()
        } else {
            view! { <p class="quiet">{ui.say(WAIT.0, WAIT.1)}</p> }.into_any()
        }
    }
}

/// What the pad shows: the signature that is on its way or in the ledger, or the place for one. What
/// is told of the sheets meanwhile does not touch it, unless there is something else to sign.
fn on_pad(ui: Ui, spot: Spot) -> String {
    let shown = ui.book.with(|book| {
        let book = book.as_ref()?;
        let due = book.to_sign(spot.form, spot.row).map(|digest| digest.to_string());
        let going = || book.signing_off(spot)?.strokes.clone();
        let told = || Some(format!("/api/judge/drawings/{}", book.sheet(spot)?.drawn?));
        due.or_else(going).or_else(told)
    });
    shown.unwrap_or_default()
}

/// The buttons that give the signature, or decline to.
fn acts(ui: Ui, spot: Spot, drawn: RwSignal<String>, asks_why: RwSignal<bool>) -> Option<AnyView> {
    let (due, is_declined) = ui.book.with(|book| {
        let book = book.as_ref()?;
        Some((book.to_sign(spot.form, spot.row), book.sheet(spot)?.is_declined))
    })?;
    let digest = due?;
    if asks_why.get() {
        let decide = Callback::new(move |reason: Option<String>| {
            asks_why.set(false);
            if let Some(reason) = reason {
                ui.decline(spot, digest, reason);
            }
        });
        return Some(view! { <Why ui question=DECLINE subject=code_of(ui, spot) decide /> }.into_any());
    }
    let sign = move |strokes: Option<String>| {
        if ui.is_fresh_tap() {
            ui.sign(spot, digest, strokes);
        }
    };
    let is_blank = drawn.with(String::is_empty);
    Some(
        view! {
            <button class="primary sign" disabled=is_blank on:click=move |_| sign(Some(drawn.get_untracked()))>
                {ui.say("✎ 我确认并签字", "✎ I confirm and sign")}
            </button>
            <button class="sign plain" hidden=!is_blank on:click=move |_| sign(None)>
                {ui.say("不手写，直接签字", "Sign without drawing")}
            </button>
            <button class="quiet" hidden=is_declined on:click=move |_| if ui.is_fresh_tap() { asks_why.set(true) }>
                {ui.say("我不签……", "I do not sign …")}
            </button>
        }
        .into_any(),
    )
}

/// The competitor's code and the form, as a sheet is called.
fn code_of(ui: Ui, spot: Spot) -> String {
    ui.book
        .with_untracked(|book| {
            let book = book.as_ref()?;
            Some(format!(
                "{} · {}",
                book.sheets().competitors.get(spot.row)?.code,
                book.form(spot)?.sub_criterion
            ))
        })
        .unwrap_or_default()
}

/// Whether the sheet still waits for something in this cell.
fn is_missing(book: &Book, spot: Spot) -> bool {
    book.takes(spot) && book.told(spot).is_none_or(|told| told.mark.is_none())
}
