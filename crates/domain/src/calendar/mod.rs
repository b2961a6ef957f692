//! Working days (工作日): weekends, public holidays, and days worked in their stead (调休), by tables of years that can
//! be edited.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::day::Day;
use crate::findings;

/// The tables of the State Council's notices that this program knows.
const CHINA: &str = include_str!("china.toml");
/// The most days of a year's table that are free besides weekends, and that are worked.
const DAYS_MAX: usize = 100;
/// The most working days that are counted at once.
pub const TERM_MAX: u32 = 250;
/// The most characters of a source.
const SOURCE_MAX: usize = 200;

/// The tables of years.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    years: BTreeMap<u16, Year>,
}

/// One year's table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Year {
    /// Which document says so: `国办发明电〔2025〕7号`.
    pub source: String,
    /// Stretches that are free, each with its first and its last day.
    pub free: Vec<[Day; 2]>,
    /// Days of weekends that are worked.
    pub working: Vec<Day>,
}

/// When a stretch of working days ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Its first working day.
    pub first: Day,
    /// Its last one.
    pub last: Day,
    /// Years that it touches and that have no table: there weekends alone were left out.
    pub unknown: BTreeSet<u16>,
}

findings! {
    /// Why a year's table was not taken.
    pub enum CalendarError {
        Unreadable { problem: String } = Error "calendar_unreadable",
            "读不懂：{problem}；请按示例写。",
            "It cannot be read: {problem}. Write it as the example does.";
        NoSource { most: usize } = Error "calendar_no_source",
            "请写明依据的文件，不超过 {most} 个字，例如 国办发明电〔2025〕7号。",
            "Name the document that says so, in {most} characters at the most, such as 国办发明电〔2025〕7号.";
        OtherYear { day: Day, year: u16 } = Error "calendar_other_year",
            "{day} 不在 {year} 年；请改正，或写进那一年的表。",
            "{day} is not in {year}; mend it, or write it into that year's table.";
        Turned { first: Day, last: Day } = Error "calendar_turned",
            "放假的第一天 {first} 晚于最后一天 {last}；请对调。",
            "The free days from {first} to {last} are the wrong way round; exchange them.";
        Both { day: Day } = Error "calendar_both",
            "{day} 既写成放假又写成上班；请删去一处。",
            "{day} is written as free and as worked; take one of the two out.";
        NoWeekend { day: Day } = Error "calendar_no_weekend",
            "{day} 不是周末，本来就上班；调休上班的日子只写周六、周日。",
            "{day} is no day of a weekend and is worked anyway; write Saturdays and Sundays alone.";
        TooMany { most: usize } = Error "calendar_too_many",
            "一年的表最多 {most} 天；请核对。",
            "A year's table has {most} days at the most; look it over.";
    }
}

impl Year {
    /// What is wrong with it as the table of a year; nothing where it is fit.
    ///
    /// # Errors
    /// The first thing that is.
    pub fn check(&self, year: u16) -> Result<(), CalendarError> {
        let source = self.source.trim();
        if source.is_empty() || source.chars().count() > SOURCE_MAX || source.chars().any(char::is_control) {
            return Err(CalendarError::NoSource { most: SOURCE_MAX });
        }
        if let Some([first, last]) = self.free.iter().find(|[first, last]| first > last) {
            return Err(CalendarError::Turned { first: *first, last: *last });
        }
        let named = self.free.iter().flatten().chain(&self.working);
        if let Some(day) = named.copied().find(|day| day.year() != year) {
            return Err(CalendarError::OtherYear { day, year });
        }
        let free = self.free_days();
        if free.len() > DAYS_MAX || self.working.len() > DAYS_MAX {
            return Err(CalendarError::TooMany { most: DAYS_MAX });
        }
        for day in &self.working {
            if free.contains(day) {
                return Err(CalendarError::Both { day: *day });
            }
            if day.weekday() < 6 {
                return Err(CalendarError::NoWeekend { day: *day });
            }
        }
        Ok(())
    }

    fn free_days(&self) -> BTreeSet<Day> {
        let stretch = |[first, last]: &[Day; 2]| {
            let last = *last;
            std::iter::successors(Some(*first), |day| day.following())
                .take_while(move |day| *day <= last)
                // What is longer is refused before it is asked for.
                .take(DAYS_MAX + 1)
                .collect::<Vec<_>>()
        };
        self.free.iter().flat_map(stretch).collect()
    }
}

impl Calendar {
    /// The tables that this program knows: the years of China for which the notice is out.
    ///
    /// # Panics
    /// Never: a test reads them.
    #[must_use]
    pub fn china() -> Self {
        Self::read(CHINA).unwrap_or_default()
    }

    /// Reads tables, a year each.
    ///
    /// # Errors
    /// What of them cannot be read, or is not fit.
    pub fn read(text: &str) -> Result<Self, CalendarError> {
        let read: Result<BTreeMap<String, Year>, _> = toml::from_str(text);
        let read = read.map_err(|error| CalendarError::Unreadable { problem: error.message().to_owned() })?;
        let mut calendar = Self::default();
        for (year, table) in read {
            let number = year.parse().map_err(|_| CalendarError::Unreadable { problem: year.clone() })?;
            calendar.set(number, table)?;
        }
        Ok(calendar)
    }

    /// Takes a year's table, in place of the one there was.
    ///
    /// # Errors
    /// Where it is not fit.
    pub fn set(&mut self, year: u16, table: Year) -> Result<(), CalendarError> {
        table.check(year)?;
        self.years.insert(year, table);
        Ok(())
    }

    /// The tables, by year.
    #[must_use]
    pub fn years(&self) -> &BTreeMap<u16, Year> {
        &self.years
    }

    /// Whether a day is worked: by its year's table, or by the weekend where there is none.
    #[must_use]
    pub fn is_working(&self, day: Day) -> bool {
        let is_weekday = day.weekday() < 6;
        match self.years.get(&day.year()) {
            None => is_weekday,
            Some(table) if table.working.contains(&day) => true,
            Some(table) => is_weekday && !table.free_days().contains(&day),
        }
    }

    /// The stretch of so many working days that begins after a day; none beyond the calendar, or where the
    /// number is 0 or above [`TERM_MAX`].
    #[must_use]
    pub fn term(&self, after: Day, working_days: u32) -> Option<Term> {
        if working_days == 0 || working_days > TERM_MAX {
            return None;
        }
        let (mut day, mut first, mut left) = (after, None, working_days);
        let mut unknown = BTreeSet::new();
        while left > 0 {
            day = day.following()?;
            if !self.years.contains_key(&day.year()) {
                unknown.insert(day.year());
            }
            if self.is_working(day) {
                first = first.or(Some(day));
                left -= 1;
            }
        }
        Some(Term { first: first?, last: day, unknown })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn term(after: &str, days: u32) -> (String, String, Vec<u16>) {
        let term = Calendar::china().term(day(after), days).unwrap();
        (term.first.to_string(), term.last.to_string(), term.unknown.into_iter().collect())
    }

    #[test]
    fn the_years_that_ship_are_fit_and_have_as_many_days_as_their_notices_say() {
        let calendar = Calendar::read(CHINA).unwrap();
        assert_eq!(calendar, Calendar::china());
        let count = |year: u16| {
            let table = &calendar.years()[&year];
            (table.free_days().len(), table.working.len(), table.source.as_str())
        };
        assert_eq!(count(2025), (28, 5, "国办发明电〔2024〕12号"));
        assert_eq!(count(2026), (33, 6, "国办发明电〔2025〕7号"));
    }

    #[test]
    fn five_working_days_go_round_holidays_and_count_the_days_worked_in_their_stead() {
        // A usual week.
        assert_eq!(term("2026-05-11", 5), ("2026-05-12".into(), "2026-05-18".into(), vec![]));
        // Over National Day: Saturday 10 October is worked.
        assert_eq!(term("2026-09-29", 5), ("2026-09-30".into(), "2026-10-12".into(), vec![]));
        // Over Spring Festival, with the Saturdays 14 and 28 February worked.
        assert_eq!(term("2026-02-12", 5), ("2026-02-13".into(), "2026-02-26".into(), vec![]));
        assert_eq!(term("2026-02-24", 4), ("2026-02-25".into(), "2026-02-28".into(), vec![]));
    }

    #[test]
    fn a_year_without_a_table_is_named_and_counted_by_weekends() {
        assert_eq!(term("2026-12-29", 5), ("2026-12-30".into(), "2027-01-05".into(), vec![2027]));
        assert_eq!(term("2030-05-01", 1), ("2030-05-02".into(), "2030-05-02".into(), vec![2030]));
    }

    #[test]
    fn what_is_wrong_with_a_table_is_said() {
        let table = |free: &[[&str; 2]], working: &[&str]| Year {
            source: "通知".to_owned(),
            free: free.iter().map(|both| both.map(day)).collect(),
            working: working.iter().map(|text| day(text)).collect(),
        };
        let code = |table: &Year| table.check(2026).unwrap_err().code();
        assert_eq!(code(&Year { source: " ".to_owned(), ..table(&[], &[]) }), "calendar_no_source");
        assert_eq!(code(&table(&[["2026-05-05", "2026-05-01"]], &[])), "calendar_turned");
        assert_eq!(code(&table(&[["2025-05-01", "2025-05-05"]], &[])), "calendar_other_year");
        assert_eq!(code(&table(&[["2026-05-01", "2026-05-09"]], &["2026-05-09"])), "calendar_both");
        assert_eq!(code(&table(&[], &["2026-05-08"])), "calendar_no_weekend");
        assert_eq!(code(&table(&[["2026-01-01", "2026-12-31"]], &[])), "calendar_too_many");
        assert_eq!(Calendar::read("[2026]\nfree = 5").unwrap_err().code(), "calendar_unreadable");
        assert_eq!(Calendar::china().term(day("2199-12-30"), 3), None);
        assert_eq!(Calendar::china().term(day("2026-01-01"), 0), None);
    }

    proptest! {
        #[test]
        fn a_term_holds_exactly_so_many_working_days(at in 0_u32..1_500, days in 1_u32..60) {
            let mut after = day("2024-01-01");
            for _ in 0..at {
                after = after.following().unwrap();
            }
            let calendar = Calendar::china();
            let term = calendar.term(after, days).unwrap();
            prop_assert!(after < term.first && term.first <= term.last);
            let mut counted = 0;
            let mut one = after;
            while one < term.last {
                one = one.following().unwrap();
                counted += u32::from(calendar.is_working(one));
            }
            prop_assert_eq!(counted, days);
            prop_assert!(calendar.is_working(term.first) && calendar.is_working(term.last));
        }
    }
}
