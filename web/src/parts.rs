//! What several pages are made of: status words with their shapes, bars, clocks, the link's sign.

use leptos::prelude::*;
use protocol::view::{Policy, Progress, SessionClock, Status, Topic};

use crate::format::{Reader, hours_minutes_seconds, instant, percent, segment};
use crate::live::{Link, Local};
use crate::text;

/// The status word with its shape, so that colour is never all that tells.
pub(crate) fn status_word(status: Status, reader: Reader) -> impl IntoView {
    let (class, shape) = match status {
        Status::Upcoming => ("upcoming", "M6 1a5 5 0 1 0 .01 0M6 2.5a3.5 3.5 0 1 1-.01 0"),
        Status::InProgress => ("in-progress", "M6 1a5 5 0 1 0 .01 0"),
        Status::Frozen => {
            ("frozen", "M5.3.5h1.4v11H5.3zM.9 3.9l.7-1.2 9.5 5.4-.7 1.2zM.9 8.1l9.5-5.4.7 1.2-9.5 5.4z")
        }
        Status::UnderReview => ("under-review", "M6 1a5 5 0 1 0 .01 0M6 2.5a3.5 3.5 0 0 1 0 7z"),
        Status::Provisional => ("provisional", "M6 0l6 6-6 6-6-6zM6 2.2L2.2 6 6 9.8 9.8 6z"),
        Status::Publicised => {
            ("publicised", "M6 0l6 6-6 6-6-6zM6 2.2L2.2 6 6 9.8 9.8 6zM6 4.2L7.8 6 6 7.8 4.2 6z")
        }
        Status::Official => ("official", "M1 1h10v10H1zM2.5 2.5v7h7v-7zM4 4h4v4H4z"),
    };
    view! {
        <span class=format!("status {class}")>
            <svg viewBox="0 0 12 12" aria-hidden="true"><path fill-rule="evenodd" d=shape></path></svg>
            <span>{text::status(status, reader.language)}</span>
        </span>
    }
}

/// How much is marked: `12/40` over a thin bar.
pub(crate) fn progress_bar(progress: Progress) -> impl IntoView {
    let width = percent(progress).to_string();
    view! {
        <span class="progress">
            <span class="count">{format!("{}/{}", progress.done, progress.of)}</span>
            <svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
                <rect class="track" width="100" height="4"></rect>
                <rect class="fill" width=width height="4"></rect>
            </svg>
        </span>
    }
}

/// The moment up to which a page knows everything.
pub(crate) fn as_of(instant_ms: i64, reader: Reader) -> impl IntoView {
    view! { <time datetime=instant(instant_ms)>{reader.moment(instant_ms)}</time> }
}

/// How the page learns of changes, in a word.
pub(crate) fn link_sign(local: Local, reader: Reader) -> impl IntoView {
    let class = move || match local.link.get() {
        Link::Refreshing => "link refreshing",
        Link::Live => "link live",
        Link::Lost => "link lost",
    };
    let word = move || match local.link.get() {
        Link::Refreshing => reader.texts().refreshing,
        Link::Live => reader.texts().live,
        Link::Lost => reader.texts().lost,
    };
    view! { <span class=class>{word}</span> }
}

/// What stands over everything when the link is down, or when the data went back in time.
pub(crate) fn notice(
    local: Local,
    as_of_ms: impl Fn() -> i64 + Send + Sync + 'static,
    reader: Reader,
) -> impl IntoView {
    let texts = reader.texts();
    let is_lost = move || local.link.get() == Link::Lost;
    let class = move || if is_lost() || local.is_rewound.get() { "notice is-shown" } else { "notice" };
    let words = move || match (is_lost(), local.is_rewound.get()) {
        (true, _) => format!("{} {}", texts.lost_long, reader.moment(as_of_ms())),
        (false, true) => format!("{} {}", texts.rewound, reader.moment(as_of_ms())),
        (false, false) => String::new(),
    };
    view! { <p class=class role="status">{words}</p> }
}

/// A session's clock: what is left once a clock runs, before that from when until when.
pub(crate) fn session_clock(session: &SessionClock, local: Local, reader: Reader) -> impl IntoView + use<> {
    let (from_ms, until_ms) = (session.from, session.until);
    let words = move || match local.now_ms.get() {
        Some(now_ms) if now_ms >= until_ms => reader.texts().session_ended.to_owned(),
        Some(now_ms) if now_ms >= from_ms => hours_minutes_seconds((until_ms - now_ms + 999) / 1000),
        _ => format!("{}–{}", reader.hour(from_ms), reader.hour(until_ms)),
    };
    view! {
        <span class="label">{session.label.clone()}</span>
        " "
        <span class="clock">{words}</span>
    }
}

/// One figure of a page's head: what it is, and the figure.
pub(crate) fn figure(name: &'static str, value: impl IntoView + 'static) -> impl IntoView {
    view! { <div class="figure"><dt>{name}</dt><dd>{value}</dd></div> }
}

/// What a page says where nothing is: what this is, and what will appear.
pub(crate) fn empty(what: &'static str, next: &'static str) -> impl IntoView + use<> {
    view! {
        <div class="empty">
            <svg viewBox="0 0 48 48" aria-hidden="true"><path d="M4 10h40M4 24h24M4 38h32"></path></svg>
            <p><strong>{what}</strong></p>
            <p>{next}</p>
        </div>
    }
}

/// An award by its published name, in the metal that the name speaks of.
pub(crate) fn award(name: &str, reader: Reader) -> impl IntoView + use<> {
    let metals: [(&str, &[&str]); 3] = [
        ("gold", &["金", "一等", "特等", "Gold", "First"]),
        ("silver", &["银", "二等", "Silver", "Second"]),
        ("bronze", &["铜", "三等", "Bronze", "Third"]),
    ];
    let metal = metals.iter().find(|(_, words)| words.iter().any(|word| name.contains(word)));
    let class = metal.map_or("award", |(metal, _)| match *metal {
        "gold" => "award gold",
        "silver" => "award silver",
        _ => "award bronze",
    });
    view! { <span class=class lang=reader.foreign(name)>{name.to_owned()}</span> }
}

/// What stands beside a title: the status, and what it means for the reader.
pub(crate) fn status_line(status: Status, policy: Policy, reader: Reader) -> impl IntoView {
    view! {
        <p class="status-line">
            {status_word(status, reader)}
            " "
            <span class="about">{text::status_about(status, policy, reader.language)}</span>
        </p>
    }
}

/// The address of the page that follows a topic.
pub(crate) fn address(topic: &Topic) -> String {
    match topic {
        Topic::Circuit => "/".to_owned(),
        Topic::Competition(id) => format!("/competition/{}", segment(id)),
        Topic::Delegation(id, name) => format!("/delegation/{}/{}", segment(id), segment(name)),
        Topic::Skill(id) => format!("/skill/{}", segment(id)),
    }
}
