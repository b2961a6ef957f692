//! A day of the calendar, without a clock.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A day, `2026-05-09`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day {
    year: u16,
    month: u8,
    day: u8,
}

impl Day {
    /// A day of the calendar between 1900 and 2199; none where there is no such day.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            4 | 6 | 9 | 11 => 30,
            2 if is_leap => 29,
            2 => 28,
            1..=12 => 31,
            _ => return None,
        };
        let is_day = (1900..2200).contains(&year) && (1..=days).contains(&day);
        is_day.then_some(Self { year, month, day })
    }

    /// Reads `2026-05-09`; no other spelling.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_shaped = text.len() == 10
            && text.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        if !is_shaped {
            return None;
        }
        let year = text.get(..4)?.parse().ok()?;
        Self::new(year, text.get(5..7)?.parse().ok()?, text.get(8..)?.parse().ok()?)
    }

    /// The same day a year later; of 29 February the last day of that month. None beyond the calendar.
    #[must_use]
    pub fn next_year(self) -> Option<Self> {
        let Self { year, month, day } = self;
        Self::new(year + 1, month, day).or_else(|| Self::new(year + 1, month, day - 1))
    }

    /// The next day; none beyond the calendar.
    #[must_use]
    pub fn following(self) -> Option<Self> {
        let Self { year, month, day } = self;
        Self::new(year, month, day + 1)
            .or_else(|| Self::new(year, month + 1, 1))
            .or_else(|| Self::new(year + 1, 1, 1))
    }

    /// The day of the week, Monday 1 to Sunday 7.
    #[must_use]
    pub fn weekday(self) -> u8 {
        // Days since a Monday before the calendar begins: 1 January 1900 was one.
        let before = u32::from(self.year) - 1900;
        let leaps = |year: u32| year / 4 - year / 100 + year / 400;
        let years = before * 365 + leaps(u32::from(self.year) - 1) - leaps(1899);
        let months = (1..self.month).filter_map(|month| Self::last_of(self.year, month));
        let days = years + months.map(u32::from).sum::<u32>() + u32::from(self.day) - 1;
        u8::try_from(days % 7 + 1).unwrap_or(1)
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> u16 {
        self.year
    }

    /// The last day of a month.
    fn last_of(year: u16, month: u8) -> Option<u8> {
        (28..=31).rev().find(|day| Self::new(year, month, *day).is_some())
    }

    /// How many birthdays somebody born on `self` has had by `on`. Who was born on 29 February has theirs on
    /// 1 March where the year has none.
    #[must_use]
    pub fn age_on(self, on: Self) -> u16 {
        let is_to_come = (on.month, on.day) < (self.month, self.day);
        on.year.saturating_sub(self.year).saturating_sub(u16::from(is_to_come))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("a day is written 2026-05-09"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn days_follow_each_other_and_the_week_goes_round() {
        for (text, next, weekday) in [
            ("2026-05-09", "2026-05-10", 6),
            ("2024-02-28", "2024-02-29", 3),
            ("2026-02-28", "2026-03-01", 6),
            ("2026-12-31", "2027-01-01", 4),
            ("1900-01-01", "1900-01-02", 1),
            ("2000-03-01", "2000-03-02", 3),
        ] {
            assert_eq!((day(text).following(), day(text).weekday()), (Some(day(next)), weekday), "{text}");
        }
        let mut at = day("1900-01-01");
        let mut count = 1_u32;
        while let Some(next) = at.following() {
            assert_eq!(next.weekday(), at.weekday() % 7 + 1, "{next}");
            (at, count) = (next, count + 1);
        }
        assert_eq!((at, count), (day("2199-12-31"), 109_573));
    }

    #[test]
    fn a_year_later_it_is_the_same_day_or_the_last_of_february() {
        for (text, next) in
            [("2026-05-09", "2027-05-09"), ("2024-02-29", "2025-02-28"), ("2023-02-28", "2024-02-28")]
        {
            assert_eq!(day(text).next_year(), Some(day(next)), "{text}");
        }
        assert_eq!(day("2199-12-31").next_year(), None);
    }

    #[test]
    fn a_day_is_read_as_it_is_written_and_what_is_none_is_not() {
        for text in ["2026-05-09", "2024-02-29", "2000-02-29", "1900-01-01", "2199-12-31"] {
            assert_eq!(day(text).to_string(), text);
        }
        for wrong in [
            "",
            "2026-5-9",
            "2025-02-29",
            "2100-02-29",
            "2026-04-31",
            "2026-13-01",
            "2026-00-10",
            "1899-12-31",
            "2026/05/09",
            "2026-05-9x",
            "+026-05-09",
            "２０２６-05-09",
        ] {
            assert_eq!(Day::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn one_is_a_year_older_on_the_birthday_and_not_the_day_before() {
        let born = day("2008-12-01");
        for (on, age) in [("2026-11-30", 17), ("2026-12-01", 18), ("2027-01-01", 18), ("2008-12-01", 0)] {
            assert_eq!(born.age_on(day(on)), age, "{on}");
        }
        let leap = day("2008-02-29");
        assert_eq!(leap.age_on(day("2026-02-28")), 17);
        assert_eq!(leap.age_on(day("2026-03-01")), 18);
        assert_eq!(day("2030-01-01").age_on(day("2026-01-01")), 0, "not born yet");
    }
}
