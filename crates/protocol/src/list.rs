//! How a list is looked at: what is sought in it, by what it is narrowed, its order and its page. All of it
//! stands in the address, so that going back, loading again and a link that is passed on keep it
//! (`docs/lists.csv` says which list can be asked what).

use std::borrow::Cow;
use std::cmp::Ordering;

/// How many rows a page shows.
pub const PAGE_ROWS: usize = 50;
/// Up to so many rows a list shows no means of finding one: they are all in sight.
pub const SHORT_ROWS: usize = 10;
/// The most characters of what is sought or narrowed by.
const VALUE_MAX: usize = 200;
const FIND: &str = "find";
const SORT: &str = "sort";
const PAGE: &str = "page";

/// What the competitions of the desk can be asked.
pub const COMPETITIONS: &[&str] = &[FIND, PAGE];
/// What the skills of a competition can be asked; one by its id, where a link leads to it.
pub const SKILLS: &[&str] = &[FIND, "status", "skill", PAGE];
/// What the competitors of a skill can be asked.
pub const COMPETITORS: &[&str] = &[FIND, "delegation", "group", SORT, PAGE];
/// What the competitions of a circuit can be asked.
pub const CIRCUIT: &[&str] = &[FIND, "tier", PAGE];
/// What the published lists of skills can be asked.
pub const PICKS: &[&str] = &[FIND, "list", PAGE];
/// What a competition's registrations can be asked.
pub const REGISTRATIONS: &[&str] = &[FIND, "state", "skill", "delegation", SORT, PAGE];
/// What the promotions to a skill can be asked.
pub const PROMOTIONS: &[&str] = &[FIND, "state", PAGE];
/// What the lists of people and organisations can be asked; each has an order and a page of its own.
pub const PEOPLE: &[&str] = &[
    FIND,
    "role",
    "invited-sort",
    "invited-page",
    "held-sort",
    "held-page",
    "accounts-sort",
    "accounts-page",
    "organisations-page",
];

/// What is asked of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListQuery {
    /// What the address says, nothing twice and nothing empty.
    pairs: Vec<(String, String)>,
    /// Which list of its page; empty where it is the only one.
    list: &'static str,
}

/// What a row says in one of its columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    /// In words, among which is sought.
    Text(Cow<'a, str>),
    /// As a word that nobody sees, by which rows are narrowed alone: an id, a state.
    Key(&'a str),
    /// As a number, by which rows are put in order.
    Number(i64),
}

/// The rows of one page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part<T> {
    /// They.
    pub rows: Vec<T>,
    /// How many come before them.
    pub before: usize,
    /// How many fit what is asked.
    pub found: usize,
    /// How many there are.
    pub all: usize,
    /// Which page it is, from 1.
    pub page: usize,
    /// How many pages there are, at least 1.
    pub pages: usize,
}

impl ListQuery {
    /// What an address says, as far as the lists of its page can be asked that.
    #[must_use]
    pub fn read(pairs: &[(String, String)], known: &[&str]) -> Self {
        let mut query = Self::default();
        for (name, value) in pairs {
            let value: String =
                value.trim().chars().filter(|char| !char.is_control()).take(VALUE_MAX).collect();
            // The first counts, as it does where it is shown.
            if known.contains(&name.as_str()) && !value.is_empty() && query.value(name).is_empty() {
                query.pairs.push((name.clone(), value));
            }
        }
        query
    }

    /// The same, as one list of several on the page reads it.
    #[must_use]
    pub fn of(&self, list: &'static str) -> Self {
        Self { pairs: self.pairs.clone(), list }
    }

    /// What is asked under a name; empty where nothing is.
    #[must_use]
    pub fn value(&self, name: &str) -> &str {
        self.pairs.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// What is sought.
    #[must_use]
    pub fn find(&self) -> &str {
        self.value(FIND)
    }

    /// The column by which the rows are ordered, and whether from the last to the first.
    #[must_use]
    pub fn sort(&self) -> Option<(&str, bool)> {
        let sort = self.value(&self.own(SORT));
        (!sort.is_empty()).then(|| sort.strip_prefix('-').map_or((sort, false), |column| (column, true)))
    }

    /// Which page, from 1.
    #[must_use]
    pub fn page(&self) -> usize {
        self.value(&self.own(PAGE)).parse().unwrap_or(1).max(1)
    }

    /// Everything that leaves rows out: what is sought, and what is narrowed by.
    pub fn narrowing(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        pairs.filter(|(name, _)| !is_of(name, SORT) && !is_of(name, PAGE))
    }

    /// Everything that a search keeps: the order, of each list of the page.
    pub fn ordering(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        pairs.filter(|(name, _)| is_of(name, SORT))
    }

    /// With everybody in it again, in the same order.
    #[must_use]
    pub fn whole(&self) -> Self {
        let pairs = self.ordering().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Self { pairs, list: self.list }
    }

    /// Ordered by a column, or the other way round where it is already; from the first page.
    #[must_use]
    pub fn sorted(&self, column: &str) -> Self {
        let turned = self.sort() == Some((column, false));
        self.with(SORT, if turned { format!("-{column}") } else { column.to_owned() })
            .with(PAGE, String::new())
    }

    /// At another page.
    #[must_use]
    pub fn at_page(&self, page: usize) -> Self {
        self.with(PAGE, if page > 1 { page.to_string() } else { String::new() })
    }

    /// The address that asks it of a page.
    #[must_use]
    pub fn address(&self, path: &str) -> String {
        let mut address = path.to_owned();
        for (at, (name, value)) in self.pairs.iter().enumerate() {
            address.push(if at == 0 { '?' } else { '&' });
            address += &format!("{}={}", segment(name), segment(value));
        }
        address
    }

    /// The page of the rows that it asks for. What a row says stands under the names of its columns; a column
    /// that the list has not narrows nothing.
    pub fn part<T>(
        &self,
        rows: Vec<T>,
        cells: impl for<'r> Fn(&'r T) -> Vec<(&'static str, Cell<'r>)>,
    ) -> Part<T> {
        let all = rows.len();
        let rows = self.fitting(rows, cells);
        let found = rows.len();
        let pages = found.div_ceil(PAGE_ROWS).max(1);
        let page = self.page().min(pages);
        let before = (page - 1) * PAGE_ROWS;
        let rows = rows.into_iter().skip(before).take(PAGE_ROWS).collect();
        Part { rows, before, found, all, page, pages }
    }

    /// All rows that it asks for, in its order.
    pub fn fitting<T>(
        &self,
        mut rows: Vec<T>,
        cells: impl for<'r> Fn(&'r T) -> Vec<(&'static str, Cell<'r>)>,
    ) -> Vec<T> {
        let words: Vec<String> = self.find().split_whitespace().map(str::to_lowercase).collect();
        let narrowed: Vec<(&str, &str)> = self.narrowing().filter(|(name, _)| *name != FIND).collect();
        if !words.is_empty() || !narrowed.is_empty() {
            rows.retain(|row| {
                let cells = cells(row);
                let says = |word: &String| cells.iter().any(|(_, cell)| cell.says(word));
                let fits = |(column, value): &(&str, &str)| {
                    let cell = cells.iter().find(|(name, _)| name == column);
                    cell.is_none_or(|(_, cell)| cell.is(value))
                };
                words.iter().all(says) && narrowed.iter().all(fits)
            });
        }
        if let Some((column, is_down)) = self.sort() {
            rows.sort_by(|one, other| {
                let of = |row| cells(row).into_iter().find(|(name, _)| *name == column).map(|(_, cell)| cell);
                let order = match (of(one), of(other)) {
                    (Some(one), Some(other)) => one.order(&other),
                    _ => Ordering::Equal,
                };
                if is_down { order.reverse() } else { order }
            });
        }
        rows
    }

    fn own(&self, name: &str) -> String {
        if self.list.is_empty() { name.to_owned() } else { format!("{}-{name}", self.list) }
    }

    fn with(&self, name: &str, value: String) -> Self {
        let name = self.own(name);
        let mut pairs: Vec<_> = self.pairs.iter().filter(|(known, _)| *known != name).cloned().collect();
        if !value.is_empty() {
            pairs.push((name, value));
        }
        Self { pairs, list: self.list }
    }
}

/// Whether it is the order or the page, of whichever list.
fn is_of(name: &str, what: &str) -> bool {
    name.strip_suffix(what).is_some_and(|list| list.is_empty() || list.ends_with('-'))
}

impl Cell<'_> {
    fn says(&self, word: &str) -> bool {
        matches!(self, Self::Text(text) if text.to_lowercase().contains(word))
    }

    fn is(&self, value: &str) -> bool {
        match self {
            Self::Text(text) => text == value,
            Self::Key(key) => *key == value,
            Self::Number(number) => number.to_string() == value,
        }
    }

    fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Key(one), Self::Key(other)) => one.cmp(other),
            (Self::Key(_), _) => Ordering::Less,
            (_, Self::Key(_)) => Ordering::Greater,
            (Self::Number(one), Self::Number(other)) => one.cmp(other),
            (Self::Text(one), Self::Text(other)) => natural(one, other),
            (Self::Number(_), Self::Text(_)) => Ordering::Less,
            (Self::Text(_), Self::Number(_)) => Ordering::Greater,
        }
    }
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Cell<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl<T> Part<T> {
    /// Whether the list is long enough for means of finding a row, or already asked something.
    #[must_use]
    pub fn is_long(&self, query: &ListQuery) -> bool {
        self.all > SHORT_ROWS || self.all > 0 && query.narrowing().next().is_some()
    }
}

/// `K2` before `K10`: numbers in a text are in the order of numbers.
fn natural(one: &str, other: &str) -> Ordering {
    let (mut one, mut other) = (one, other);
    while !one.is_empty() && !other.is_empty() {
        let ((run, rest), (against, left)) = (run(one), run(other));
        let is_number = |run: &str| run.starts_with(|char: char| char.is_ascii_digit());
        let order = if is_number(run) && is_number(against) {
            let (run, against) = (run.trim_start_matches('0'), against.trim_start_matches('0'));
            run.len().cmp(&against.len()).then_with(|| run.cmp(against))
        } else {
            run.cmp(against)
        };
        if order.is_ne() {
            return order;
        }
        (one, other) = (rest, left);
    }
    one.len().cmp(&other.len())
}

/// What a text begins with, digits or anything else, and what comes after.
fn run(text: &str) -> (&str, &str) {
    let is_number = text.starts_with(|char: char| char.is_ascii_digit());
    text.split_at(text.find(|char: char| char.is_ascii_digit() != is_number).unwrap_or(text.len()))
}

/// One step of an address, with everything escaped that is not plain (RFC 3986, unreserved).
#[must_use]
pub fn segment(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped += &format!("%{byte:02X}");
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn query(pairs: &[(&str, &str)]) -> ListQuery {
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        ListQuery::read(&pairs, COMPETITORS)
    }

    fn cells<'a>(row: &'a (&'static str, &'static str)) -> Vec<(&'static str, Cell<'a>)> {
        vec![("name", row.0.into()), ("delegation", row.1.into())]
    }

    const ROWS: [(&str, &str); 4] =
        [("K10 Wang", "north"), ("K2 Li", "south"), ("K1 Zhao", "north"), ("li", "")];

    #[test]
    fn what_is_sought_is_found_in_any_column_whatever_its_case_and_every_word_counts() {
        let names = |pairs: &[(&str, &str)]| query(pairs).fitting(ROWS.to_vec(), cells);
        assert_eq!(names(&[("find", "LI")]), [ROWS[1], ROWS[3]]);
        assert_eq!(names(&[("find", "li  south")]), [ROWS[1]]);
        assert_eq!(names(&[("delegation", "north")]), [ROWS[0], ROWS[2]]);
        assert_eq!(names(&[("group", "a column that these have not")]), ROWS);
        assert_eq!(names(&[("find", "nor"), ("delegation", "south")]), []);
    }

    #[test]
    fn numbers_in_a_name_are_in_the_order_of_numbers_either_way() {
        let names = |sort| query(&[("sort", sort)]).fitting(ROWS.to_vec(), cells);
        assert_eq!(names("name"), [ROWS[2], ROWS[1], ROWS[0], ROWS[3]]);
        assert_eq!(names("-name"), [ROWS[3], ROWS[0], ROWS[1], ROWS[2]]);
        assert_eq!(names("delegation"), [ROWS[3], ROWS[0], ROWS[2], ROWS[1]], "equals stay as they were");
        assert_eq!(natural("01", "1"), Ordering::Equal);
        assert_eq!(names("no such column"), ROWS);
    }

    #[test]
    fn pages_follow_each_other_and_one_beyond_the_last_is_the_last() {
        let rows: Vec<_> = (0..120).map(|_| ("x", "")).collect();
        let part = |page| query(&[("page", page)]).part(rows.clone(), cells);
        assert_eq!((part("2").before, part("2").rows.len(), part("2").pages), (50, 50, 3));
        assert_eq!((part("3").before, part("3").rows.len()), (100, 20));
        for odd in ["99", "18446744073709551615", "-1", "x", "0"] {
            assert!(part(odd).page == 3 || part(odd).page == 1, "{odd}");
        }
        let none = query(&[]).part(Vec::new(), cells);
        assert_eq!((none.page, none.pages, none.found), (1, 1, 0));
    }

    #[test]
    fn a_head_turns_the_order_round_and_leads_to_the_first_page() {
        let at = query(&[("find", "王 a&b"), ("page", "3")]);
        let once = at.sorted("name");
        assert_eq!(once.address("/x"), "/x?find=%E7%8E%8B%20a%26b&sort=name");
        assert_eq!(once.sorted("name").sort(), Some(("name", true)));
        assert_eq!(once.sorted("name").sorted("name").sort(), Some(("name", false)));
        assert_eq!(once.at_page(2).address(""), "?find=%E7%8E%8B%20a%26b&sort=name&page=2");
        assert_eq!(once.at_page(2).whole().address("/x"), "/x?sort=name");
    }

    #[test]
    fn lists_of_one_page_are_ordered_each_by_itself_and_searched_together() {
        let pairs = [("find", "li"), ("held-sort", "role"), ("accounts-page", "2"), ("sort", "unknown here")];
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        let page = ListQuery::read(&pairs, PEOPLE);
        assert_eq!(page.of("held").sort(), Some(("role", false)));
        assert_eq!((page.of("held").page(), page.of("accounts").page()), (1, 2));
        let turned = page.of("accounts").sorted("name").address("");
        assert_eq!(turned, "?find=li&held-sort=role&accounts-sort=name");
        assert_eq!(page.narrowing().collect::<Vec<_>>(), [("find", "li")]);
    }

    proptest! {
        #[test]
        fn what_an_address_says_is_read_from_it_again(find in "\\PC{0,30}", group in "\\PC{0,30}", page in 1_usize..99) {
            let asked = query(&[("find", find.trim()), ("group", group.trim())]).at_page(page);
            let address = asked.address("/at");
            let said = address.strip_prefix("/at").unwrap_or_default().trim_start_matches('?');
            let bytes = |text: &str| {
                let mut bytes = Vec::new();
                let mut rest = text.bytes();
                while let Some(byte) = rest.next() {
                    let mut digit = || rest.next().map(char::from);
                    bytes.push(match byte {
                        b'%' => {
                            let hex: String = [digit(), digit()].into_iter().flatten().collect();
                            u8::from_str_radix(&hex, 16).unwrap_or_default()
                        }
                        byte => byte,
                    });
                }
                String::from_utf8(bytes).unwrap_or_default()
            };
            let pairs: Vec<_> = said
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .map(|(name, value)| (bytes(name), bytes(value)))
                .collect();
            prop_assert_eq!(ListQuery::read(&pairs, COMPETITORS), asked);
        }
    }
}
