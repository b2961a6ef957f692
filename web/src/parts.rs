//! What several pages are made of: status words with their shapes, bars, clocks, the link's sign.

use protocol::view::{CompetitionRef, Policy, Presence, Progress, Row, SessionClock, Status, Topic};

use crate::format::{Reader, hours_minutes_seconds, instant, percent, segment};
use crate::live::{Link, Local};
use crate::node::{Content, Element, el};
use crate::text;

/// 擂 as a seal cuts it, in the straight strokes of a 16 by 16 grid: sharp at 16 pixels, square at
/// any size. The tile and the strokes cut out of it are one path.
const SEAL: &str = include_str!("seal.path");

/// The seal.
pub(crate) fn seal() -> Element {
    icon("0 0 16 16", SEAL).class("seal")
}

/// A drawing of one path, which says nothing by itself.
pub(crate) fn icon(view_box: &'static str, path: &'static str) -> Element {
    let path = el("path").set("fill-rule", "evenodd").set("d", path);
    el("svg").set("viewBox", view_box).set("aria-hidden", "true").add(path)
}

/// Text that is heard and not seen.
pub(crate) fn hidden(content: impl Content) -> Element {
    el("span").class("hidden").add(content)
}

/// A proper name, marked where it is not in the page's language.
pub(crate) fn name(tag: &'static str, name: &str, reader: Reader) -> Element {
    el(tag).set_some("lang", reader.foreign(name)).add(name.to_owned())
}

/// A proper name that leads somewhere.
pub(crate) fn name_link(topic: &Topic, shown: &str, reader: Reader) -> Element {
    name("a", shown, reader).set("href", address(topic))
}

/// The status word with its shape, so that colour is never all that tells.
pub(crate) fn status_word(status: Status, reader: Reader) -> Element {
    let (class, shape) = match status {
        Status::Upcoming => ("status upcoming", "M6 1a5 5 0 1 0 .01 0M6 2.5a3.5 3.5 0 1 1-.01 0"),
        Status::InProgress => ("status in-progress", "M6 1a5 5 0 1 0 .01 0"),
        Status::Frozen => (
            "status frozen",
            "M5.2.5h1.6v3.6l3.1-1.8.8 1.4-3.1 1.8v1l3.1 1.8-.8 1.4-3.1-1.8v3.6H5.2V7.9L2.1 9.7l-.8-1.4 3.1-1.8v-1\
             L1.3 3.7l.8-1.4 3.1 1.8z",
        ),
        Status::UnderReview => ("status under-review", "M6 .5a5.5 5.5 0 1 0 .01 0M6 2a4 4 0 0 1 0 8z"),
        Status::Provisional => ("status provisional", "M6 0l6 6-6 6-6-6zM6 2.2L2.2 6 6 9.8 9.8 6z"),
        Status::Publicised => {
            ("status publicised", "M6 0l6 6-6 6-6-6zM6 2.2L2.2 6 6 9.8 9.8 6zM6 4.2L7.8 6 6 7.8 4.2 6z")
        }
        Status::Official => ("status official", "M1 1h10v10H1zM2.5 2.5v7h7v-7zM4 4h4v4H4z"),
    };
    el("span")
        .class(class)
        .add(icon("0 0 12 12", shape))
        .add(el("span").add(text::status(status, reader.language)))
}

/// How much is marked: `12/40` beside a thin bar.
pub(crate) fn progress_bar(progress: Progress) -> Element {
    let rect = |class| el("rect").class(class).set("height", "4");
    let bar = el("svg")
        .class("bar")
        .set("viewBox", "0 0 100 4")
        .set("preserveAspectRatio", "none")
        .set("aria-hidden", "true")
        .add(rect("track").set("width", "100"))
        .add(rect("fill").set("width", percent(progress).to_string()));
    let count = el("span").class("count").add(format!("{}/{}", progress.done, progress.of));
    el("span").class("progress").add(count).add(bar)
}

/// A moment, for people and for machines.
pub(crate) fn moment(instant_ms: i64, reader: Reader) -> Element {
    el("time").set("datetime", instant(instant_ms)).add(reader.moment(instant_ms))
}

/// How the page learns of changes, in a word.
pub(crate) fn link_sign(local: &Local, reader: Reader) -> Element {
    let texts = reader.texts();
    let (class, word) = match local.link {
        Link::Refreshing => ("link refreshing", texts.refreshing),
        Link::Live => ("link live", texts.live),
        Link::Lost => ("link lost", texts.lost),
    };
    el("span").class(class).add(word)
}

/// What stands over everything when the link is down, or when the data went back in time.
pub(crate) fn notice(local: &Local, as_of_ms: i64, reader: Reader) -> Element {
    let texts = reader.texts();
    let words = match (local.link, local.is_rewound) {
        (Link::Lost, _) => Some(texts.lost_long),
        (_, true) => Some(texts.rewound),
        (_, false) => None,
    };
    let class = if words.is_some() { "notice is-shown" } else { "notice" };
    let words = words.map(|words| format!("{words} {}", reader.moment(as_of_ms)));
    el("p").class(class).set("role", "status").add(words)
}

/// A session's clock: what it counts, in a word, and the figure. That is what is left until it begins
/// or ends, once the server's time is known; before that from when until when.
pub(crate) fn session_clock(
    session: &SessionClock,
    local: &Local,
    reader: Reader,
) -> (&'static str, Element) {
    const DAY_MS: i64 = 86_400_000;
    let texts = reader.texts();
    let left = |until: i64, now_ms: i64| hours_minutes_seconds((until - now_ms + 999) / 1000);
    let (state, words) = match local.now_ms {
        Some(now_ms) if now_ms >= session.until => ("", texts.session_ended.to_owned()),
        Some(now_ms) if now_ms >= session.from => (texts.session_left, left(session.until, now_ms)),
        Some(now_ms) if session.from - now_ms < DAY_MS => {
            (texts.session_begins_in, left(session.from, now_ms))
        }
        Some(_) => (texts.session_begins, reader.day_and_hour(session.from)),
        None => ("", format!("{}–{}", reader.hour(session.from), reader.hour(session.until))),
    };
    (state, el("span").class("clock").set("role", "timer").add(words))
}

/// One figure of a page's head: what it is, and the figure.
pub(crate) fn figure(name: impl Content, value: impl Content) -> Element {
    el("div").class("figure").add(el("dt").add(name)).add(el("dd").add(value))
}

/// What a page says where nothing is: what this is, and what will appear.
pub(crate) fn empty(what: &'static str, next: &'static str) -> Element {
    el("div")
        .class("empty")
        .add(icon("0 0 48 48", "M4 9h40v2H4zM4 23h24v2H4zM4 37h32v2H4z"))
        .add(el("p").add(el("strong").add(what)))
        .add(el("p").add(next))
}

/// An award by its published name, in the metal that the name speaks of.
pub(crate) fn award(published: &str, reader: Reader) -> Element {
    let metals: [(&str, &[&str]); 3] = [
        ("award gold", &["金", "一等", "特等", "Gold", "First"]),
        ("award silver", &["银", "二等", "Silver", "Second"]),
        ("award bronze", &["铜", "三等", "Bronze", "Third"]),
    ];
    let metal = metals.iter().find(|(_, words)| words.iter().any(|word| published.contains(word)));
    name("span", published, reader).class(metal.map_or("award", |(class, _)| *class))
}

/// What stands below a title: the status, and what it means for the reader.
pub(crate) fn status_line(status: Status, policy: Policy, reader: Reader) -> Element {
    let about = el("span").class("about").add(text::status_about(status, policy, reader.language));
    el("p").class("status-line").add(status_word(status, reader)).add(about)
}

/// The way to a page, from the first page on.
pub(crate) fn breadcrumbs(within: Option<(&Topic, &str)>, reader: Reader) -> Element {
    let texts = reader.texts();
    el("nav")
        .class("breadcrumbs")
        .set("aria-label", texts.breadcrumbs)
        .add(el("a").set("href", "/").add(texts.home))
        .add(within.map(|(topic, shown)| name_link(topic, shown, reader)))
}

/// The word that what is shown counts for nothing; none where it does.
pub(crate) fn rehearsal(competition: &CompetitionRef, reader: Reader) -> Option<Element> {
    competition.is_rehearsal.then(|| el("p").class("rehearsal").add(reader.texts().rehearsal))
}

/// A row's rank, or why there is none.
pub(crate) fn rank(row: &Row, reader: Reader) -> String {
    match (row.rank, row.presence) {
        (Some(rank), _) => text::rank(rank, row.is_tied, reader.language),
        (None, Presence::Competing) => "–".to_owned(),
        (None, presence) => text::presence(presence, reader.language).to_owned(),
    }
}

/// A row's movement, drawn and in words.
pub(crate) fn movement(row: &Row, reader: Reader) -> Element {
    let class = match row.moved {
        0 => "moved",
        1.. => "moved up",
        _ => "moved down",
    };
    let drawn = el("span").set("aria-hidden", "true").add(text::movement(row.moved));
    cell(class).add(drawn).add(hidden(text::movement_said(row.moved, reader.language)))
}

/// A row's gap to the first of its group, where it is behind.
pub(crate) fn gap(row: &Row) -> Option<String> {
    let gap = row.gap.as_deref()?;
    let is_nothing = gap.chars().all(|c| matches!(c, '0' | '.'));
    (!is_nothing).then(|| text::padded(&format!("−{gap}")))
}

/// What a competitor is called: by name where that may be known, else by code.
pub(crate) fn called<'a>(row: &'a Row, code: &'a str) -> &'a str {
    row.name.as_deref().unwrap_or(code)
}

// Tables are drawn as grids, which takes their meaning from them: it is given back by the roles.

/// A table with a heading for each column, by class and name.
pub(crate) fn table(columns: &[(&'static str, &'static str)], rows: Vec<Element>) -> Element {
    let headings = columns
        .iter()
        .map(|(class, name)| el("th").set("role", "columnheader").class(*class).add(el("span").add(*name)));
    let head = el("tr").set("role", "row").add(headings.collect::<Vec<_>>());
    el("table")
        .set("role", "table")
        .add(el("thead").set("role", "rowgroup").add(head))
        .add(el("tbody").set("role", "rowgroup").add(rows))
}

/// A row of a table.
pub(crate) fn table_row(class: &'static str) -> Element {
    el("tr").set("role", "row").class(class)
}

/// A cell of a table.
pub(crate) fn cell(class: &'static str) -> Element {
    el("td").set("role", "cell").class(class)
}

/// The cell that says whose row it is.
pub(crate) fn row_heading() -> Element {
    el("th").set("role", "rowheader").set("scope", "row").class("who")
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
