//! The browser's side: takes a rendered page over and keeps it current.
//!
//! Where something that it needs is missing it leaves the page as the server rendered it.

mod app;
mod clock;
mod dom;
mod hall;
mod motion;
mod socket;
mod stars;
mod timer;

use std::rc::Rc;
use std::time::Duration;

use domain::finding::Language;
use protocol::view::{BoardView, CompetitionView, DelegationView, HomeView};

use app::App;
use dom::document;

use crate::format::Reader;
use crate::json::{FromJson as _, Json};
use crate::live::Shown;
use crate::parts::called;
use crate::text;

const SECOND_MS: i64 = 1_000;
/// How often a screen reader hears where things stand, at most.
const SAID_EVERY: Duration = Duration::from_secs(30);

/// Takes the page over.
pub fn start() {
    let Some(main) = document().and_then(|document| document.get_element_by_id("live")) else { return };
    let Some(root) = document().and_then(|document| document.document_element()) else { return };
    let (Some(kind), Some(topic)) = (main.get_attribute("data-kind"), main.get_attribute("data-topic"))
    else {
        return;
    };
    let offset = main.get_attribute("data-offset").and_then(|minutes| minutes.parse().ok());
    let is_english = root.get_attribute("lang").is_some_and(|lang| lang == "en");
    let reader = Reader {
        language: if is_english { Language::English } else { Language::Chinese },
        utc_offset_minutes: offset.unwrap_or_default(),
    };
    let Some(shown) = embedded().and_then(|view| read(&kind, &view)) else { return };
    let app = App::new(main, shown, reader);
    app.listen();
    socket::follow(&topic, &app, Box::new(move |view| read(&kind, view)));
    app.with_shown(|shown| match shown {
        Shown::Board(view) => {
            stars::keep(&app, view);
            say_now_and_then(&app);
        }
        Shown::Screen(_) => hall::run(&app),
        Shown::Home(_) | Shown::Competition(_) | Shown::Delegation(_) => {}
    });
    if app.with_shown(|shown| board(shown).is_some()) {
        run_clock(app);
    }
    // From here on what only a script can do may be seen.
    let _ = root.class_list().add_1("is-running");
}

/// The view that the page was rendered from.
fn embedded() -> Option<Json> {
    Json::parse(&document()?.get_element_by_id("view")?.text_content()?)
}

/// What a page of that kind shows of the view; nothing where the view is of another shape.
fn read(kind: &str, view: &Json) -> Option<Shown> {
    match kind {
        "home" => HomeView::from_json(view).map(Shown::Home),
        "competition" => CompetitionView::from_json(view).map(Shown::Competition),
        "delegation" => DelegationView::from_json(view).map(Shown::Delegation),
        "board" => BoardView::from_json(view).map(Shown::Board),
        "screen" => BoardView::from_json(view).map(Shown::Screen),
        _ => None,
    }
}

/// The board that a page shows, whichever way.
fn board(shown: &Shown) -> Option<&BoardView> {
    match shown {
        Shown::Board(view) | Shown::Screen(view) => Some(view),
        Shown::Home(_) | Shown::Competition(_) | Shown::Delegation(_) => None,
    }
}

/// Runs the session's clock, where there is a session: it changes as the server's seconds do.
fn run_clock(app: Rc<App>) {
    let now_ms = app.clock.now_ms();
    if app.with_shown(|shown| board(shown).is_some_and(|view| view.session.is_some())) {
        app.note(|local| local.now_ms = now_ms);
    }
    let rest_ms = now_ms.map_or(SECOND_MS, |now_ms| SECOND_MS - now_ms.rem_euclid(SECOND_MS));
    let rest = Duration::from_millis(rest_ms.unsigned_abs());
    timer::after(rest, move || run_clock(app));
}

/// Tells a screen reader where things stand, when that changed: a board that speaks at each change
/// would never be silent.
fn say_now_and_then(app: &Rc<App>) {
    let mut told = app.with_shown(|shown| summary(shown, app.reader));
    let app = app.clone();
    timer::every(SAID_EVERY, move || {
        let summary = app.with_shown(|shown| summary(shown, app.reader));
        if summary != told {
            told.clone_from(&summary);
            app.note(|local| local.said = summary);
        }
    });
}

fn summary(shown: &Shown, reader: Reader) -> String {
    let Some(view) = board(shown) else { return String::new() };
    let leader = view.order.iter().find_map(|code| {
        let row = view.rows.get(code)?;
        Some((called(row, code), row.total.as_deref()?))
    });
    text::summary(leader, view.progress.done, view.progress.of, reader.language)
}

/// The time by this browser's clock, in milliseconds since 1970 UTC.
#[expect(clippy::cast_possible_truncation, reason = "a whole number of milliseconds, far below 2^53")]
fn now_ms() -> i64 {
    js_sys::Date::now() as i64
}
