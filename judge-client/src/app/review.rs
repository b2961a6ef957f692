//! One sheet to look through before it is signed: what is missing first, then everything that the
//! signature is for, with the code of exactly that.

use domain::finding::Language;
use domain::ledger::Status;
use leptos::prelude::*;

use super::answer::revealed;
use super::state::{Signing, Ui, View};
use super::why::{DECLINE, Why};
use super::words;
use crate::Standing;
use crate::book::{Book, Spot};

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
            let mut places: Vec<Spot> = (0..columns).map(|column| Spot { form, row, column }).collect();
            // What is missing comes first.
            places.sort_by_key(|spot| (!is_missing(book, *spot), spot.column));
            Some(places.into_iter().map(|spot| line(ui, book, spot)).collect::<Vec<_>>())
        })
    };
    let keys = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Escape" {
            ui.view.set(View::Sheet(spot));
        }
    };
    // Whether the judge is asked why they do not sign.
    let asks_why = RwSignal::new(false);
    view! {
        <main class="review" on:keydown=keys>
            <header class="who">{heading}</header>
            <ul class="lines">{lines}</ul>
            <section class="sign-box">{move || sign_box(ui, spot, asks_why)}</section>
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
    let note = if is_missing && seen.value.is_some() {
        words::pick(language, "⚠ 等本组其他裁判", "⚠ waits for the panel")
    } else if is_missing {
        "⚠"
    } else if book.is_corrected(spot) {
        words::pick(language, "改过", "corrected")
    } else {
        ""
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

/// How the signature stands, or the button that gives it.
fn sign_box(ui: Ui, spot: Spot, asks_why: RwSignal<bool>) -> Option<AnyView> {
    let Spot { form, row, .. } = spot;
    let (sheet, due, has_unsent) = ui.book.with(|book| {
        let book = book.as_ref()?;
        Some((book.sheet(spot)?.clone(), book.to_sign(form, row), book.has_unsent(form, row)))
    })?;
    // What was signed may have changed since: that is another thing to sign.
    let of_this = |signing: &Signing| signing.spot == spot && Some(signing.sheet) == due;
    let declines = ui.signing.with(|signing| signing.as_ref().is_some_and(|signing| signing.declines));
    let (is_going, refused) = match ui.signing.get().filter(of_this).map(|signing| signing.standing) {
        None => (false, None),
        Some(Some(Standing::NotSaved)) => {
            let words = ui.say(
                "这台设备没能保存签字，请再签一次。",
                "This device could not save the signature: sign again.",
            );
            (false, Some(words.to_owned()))
        }
        Some(Some(Standing::Received(confirmed) | Standing::Sealed(confirmed)))
            if confirmed.status != Status::Accepted =>
        {
            let code = confirmed.code.as_deref().unwrap_or_default();
            (false, Some(words::why_not(code, ui.language.get())))
        }
        Some(_) => (true, None),
    };
    let refused =
        refused.map(|words| view! { <p class="notice-box attention" role="alert">"⚠ " {words}</p> });
    let code = sheet.digest.map(|digest| {
        let name = ui.say("签字内容的校验码", "Code of what is signed");
        view! { <p class="digest">{name} " " <strong class="mono">{digest.short()}</strong></p> }
    });
    let words = if sheet.is_signed && sheet.is_locked {
        ui.say("✓ 您已签字；评分表已锁定。", "✓ You have signed; the sheet is locked.")
    } else if sheet.is_signed {
        ui.say("✓ 您已签字。", "✓ You have signed.")
    } else if sheet.is_declined {
        ui.say(
            "⚠ 您没有签这张表，理由已记入账本，裁判长会处理。改变主意时，仍可以签字。",
            "⚠ You declined to sign; your reason is in the ledger, and the chief judge sees to it. You can still sign.",
        )
    } else if has_unsent {
        ui.say(
            "服务器还没有收到全部录入；收到后才能签字。",
            "The server has not received everything yet; sign once it has.",
        )
    } else if due.is_some() {
        ui.say(
            "签字即确认：以上内容是您的评分。之后改动任何一项，全组签字作废，需要重签。",
            "By signing you confirm that this is what you marked. If anything is changed later, all signatures are void and given again.",
        )
    } else if sheet.digest.is_some() {
        ui.say("您的席位不计分，不需要签字。", "Your seat does not count; no signature is needed.")
    } else {
        ui.say(
            "还有没评完的项，或本组其他裁判还没有打分；完整后才能签字。",
            "Something is not marked yet, by you or by others of the panel; sign once it is complete.",
        )
    };
    if let (Some(digest), true) = (due, asks_why.get()) {
        let subject = code_of(ui, spot);
        let decide = Callback::new(move |reason: Option<String>| {
            asks_why.set(false);
            if let Some(reason) = reason {
                ui.sign(spot, digest, Some(reason));
            }
        });
        return Some(view! { {refused} {code} <Why ui question=&DECLINE subject decide /> }.into_any());
    }
    let button = due.map(|digest| {
        let words = if is_going && !declines {
            ui.say("正在签字……", "Signing …")
        } else {
            ui.say("✎ 我确认并签字", "✎ I confirm and sign")
        };
        view! {
            <button class="primary sign" disabled=is_going on:click=move |_| if ui.is_fresh_tap() { ui.sign(spot, digest, None) }>
                {words}
            </button>
            <button class="quiet" hidden=sheet.is_declined disabled=is_going on:click=move |_| if ui.is_fresh_tap() { asks_why.set(true) }>
                {ui.say("我不签……", "I do not sign …")}
            </button>
        }
    });
    let signed_by = sheet.signed_by.map(|by| {
        let words = match ui.language.get() {
            Language::Chinese => format!("由 {by} 代签；有异议请找裁判长。"),
            Language::English => {
                format!("{by} signed for you; tell the chief judge if that is not right.")
            }
        };
        view! { <p class="notice-box">{words}</p> }
    });
    Some(view! { {refused} {code} <p role="status">{words}</p> {signed_by} {button} }.into_any())
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
