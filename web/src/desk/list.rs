//! Lists in which a row is found, in one way for all of them: a search, what narrows it, heads that order it,
//! pages, and rows that are ticked. What is asked stands in the address; nothing here needs a script.

use domain::finding::Language;
use protocol::list::{ListQuery, Part};

use super::{Says, button, field, option, quiet_link};
use crate::format::Reader;
use crate::node::{Element, el};
use crate::parts::empty;

/// How many pages are linked to on either side of the one that is shown.
const NEAR: usize = 2;

/// A list as it is looked at.
#[derive(Clone, Copy)]
pub(super) struct List<'a> {
    /// Its page's address, without what is asked.
    pub(super) at: &'a str,
    /// Where it stands on its page, `#held`; empty where it is the only one.
    pub(super) place: &'static str,
    /// What is asked of it.
    pub(super) query: &'a ListQuery,
    /// What its rows are counted in: `人`, `个账号`.
    pub(super) unit: &'static str,
    pub(super) reader: Reader,
}

/// Something that narrows a list: the column, its title, and what may be chosen of.
pub(super) type Narrowing = (&'static str, &'static str, Vec<(String, String)>);

impl List<'_> {
    fn to(&self, query: &ListQuery) -> String {
        format!("{}{}", query.address(self.at), self.place)
    }

    /// The search with what narrows it, and the way back to everything.
    pub(super) fn search(&self, hint: &'static str, narrowing: Vec<Narrowing>) -> Element {
        let says = Says(self.reader.language);
        let find = el("input")
            .set("type", "search")
            .set("name", "find")
            .set("maxlength", "200")
            .set("value", self.query.find().to_owned())
            .set("placeholder", hint);
        let all = says.say("（全部）", "(all)");
        let chosen =
            narrowing.into_iter().filter(|(_, _, values)| !values.is_empty()).map(|(name, title, values)| {
                let now = self.query.value(name);
                let options = values.into_iter().map(|(value, words)| {
                    let is_chosen = value == now;
                    option(value, is_chosen, words)
                });
                let select = el("select").set("name", name).add(option("", now.is_empty(), all));
                field(title, select.add(options.collect::<Vec<_>>()))
            });
        let kept = self.query.ordering().map(|(name, value)| kept(name, value));
        el("form")
            .set("method", "get")
            .set("action", self.at.to_owned())
            .set("role", "search")
            .class("line search")
            .add(field(says.say("查找", "Find"), find))
            .add(chosen.collect::<Vec<_>>())
            .add(kept.collect::<Vec<_>>())
            .add(button("quiet", says.say("查找", "Find")))
            .add(self.clear())
    }

    fn clear(&self) -> Option<Element> {
        self.query.narrowing().next()?;
        let words = Says(self.reader.language).say("清除条件", "Clear the search");
        Some(quiet_link(words, self.to(&self.query.whole())))
    }

    /// The heads of its columns: the name to order by, empty where none does, and the title.
    pub(super) fn heads(&self, columns: &[(&'static str, &'static str)]) -> Element {
        let heads = columns.iter().map(|(column, title)| {
            let head = el("th").set("scope", "col");
            if column.is_empty() {
                return head.add(*title);
            }
            let order = match self.query.sort() {
                Some((by, is_down)) if by == *column => {
                    Some(if is_down { "descending" } else { "ascending" })
                }
                _ => None,
            };
            let link = el("a").set("href", self.to(&self.query.sorted(column))).add(*title);
            head.class("sort").set_some("aria-sort", order).add(link)
        });
        el("thead").add(el("tr").add(heads.collect::<Vec<_>>()))
    }

    /// How many there are, and which of them are shown.
    pub(super) fn count<T>(&self, part: &Part<T>) -> Element {
        let (found, all, unit) = (part.found, part.all, self.unit);
        let (from, until) = (part.before + 1, part.before + part.rows.len());
        let is_narrowed = self.query.narrowing().next().is_some();
        let words = match (self.reader.language, is_narrowed, part.pages > 1) {
            (Language::Chinese, false, false) => format!("共 {all} {unit}。"),
            (Language::Chinese, false, true) => format!("共 {all} {unit}，这一页是第 {from}–{until}。"),
            (Language::Chinese, true, false) => format!("共 {all} {unit}，找到 {found} {unit}。"),
            (Language::Chinese, true, true) => {
                format!("共 {all} {unit}，找到 {found} {unit}，这一页是第 {from}–{until}。")
            }
            (Language::English, false, false) => format!("{all} in all."),
            (Language::English, false, true) => format!("{from}–{until} of {all}."),
            (Language::English, true, false) => format!("{found} of {all} found."),
            (Language::English, true, true) => format!("{from}–{until} of {found} found, {all} in all."),
        };
        el("p").class("about").set("role", "status").add(words)
    }

    /// The ways to its other pages; none where there is one.
    pub(super) fn pages<T>(&self, part: &Part<T>) -> Option<Element> {
        if part.pages < 2 {
            return None;
        }
        let says = Says(self.reader.language);
        let link = |page: usize| el("a").set("href", self.to(&self.query.at_page(page)));
        let near = part.page.saturating_sub(NEAR).max(1)..=(part.page + NEAR).min(part.pages);
        let (first, last) = (*near.start(), *near.end());
        let number = |page: usize| {
            let words = match self.reader.language {
                Language::Chinese => format!("第 {page} 页"),
                Language::English => format!("Page {page}"),
            };
            let current = (page == part.page).then_some("page");
            link(page).set("aria-label", words).set_some("aria-current", current).add(page.to_string())
        };
        let gap = || el("span").set("aria-hidden", "true").add("…");
        let before = (part.page > 1)
            .then(|| link(part.page - 1).set("rel", "prev").add(says.say("上一页", "Previous")));
        let after = (part.page < part.pages)
            .then(|| link(part.page + 1).set("rel", "next").add(says.say("下一页", "Next")));
        let pages = el("nav").class("pages").set("aria-label", says.say("分页", "Pages"));
        let pages = pages.add(before).add((first > 1).then(|| number(1))).add((first > 2).then(gap));
        let pages = pages.add(near.map(number).collect::<Vec<_>>());
        Some(
            pages
                .add((last + 1 < part.pages).then(gap))
                .add((last < part.pages).then(|| number(part.pages)))
                .add(after),
        )
    }

    /// What stands there where nothing fits what is asked.
    pub(super) fn nothing(&self) -> Element {
        let says = Says(self.reader.language);
        let nothing = empty(
            says.say("没有符合的", "Nothing fits"),
            says.say("换一个词再找，或清除条件。", "Look for something else, or clear the search."),
        );
        nothing.add(self.clear())
    }

    /// What a form sends of it besides, so that whoever sends it comes back to the same view.
    pub(super) fn kept(&self) -> Vec<Element> {
        self.query.narrowing().chain(self.query.ordering()).map(|(name, value)| kept(name, value)).collect()
    }
}

/// The ways to take a list out, as it is asked for.
pub(super) fn outs(at: &str, query: &ListQuery, reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    let at = query.at_page(1).address(at);
    let more = if at.contains('?') { '&' } else { '?' };
    let link = |format: &str, words: &'static str| {
        quiet_link(words, format!("{at}{more}as={format}")).set("download", "")
    };
    vec![
        link("xlsx", says.say("下载（Excel）", "Download (Excel)")),
        link("csv", says.say("下载（CSV）", "Download (CSV)")),
    ]
}

/// A cell with which a row is chosen.
pub(super) fn tick(name: &'static str, value: &str, label: String) -> Element {
    let tick = el("input").set("type", "checkbox").set("name", name).set("value", value.to_owned());
    el("td").class("tick").add(el("label").add(tick.set("aria-label", label)))
}

fn kept(name: &str, value: &str) -> Element {
    el("input").set("type", "hidden").set("name", name.to_owned()).set("value", value.to_owned())
}
