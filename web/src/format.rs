//! Times, numbers and addresses as text, the same on the server and in the browser.

use domain::finding::Language;
pub(crate) use protocol::list::segment;
use protocol::view::{Progress, Text};

use crate::text::{Texts, texts};

/// Who reads: what every part of a page needs to put a value into words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reader {
    pub(crate) language: Language,
    /// How far the clocks of the place are ahead of UTC.
    pub(crate) utc_offset_minutes: i32,
}

impl Reader {
    /// The fixed texts.
    pub(crate) const fn texts(self) -> &'static Texts {
        texts(self.language)
    }

    /// A text in the reader's language, or in the other where that is all there is.
    pub(crate) fn pick(self, text: &Text) -> String {
        text.pick(self.language).to_owned()
    }

    /// The language of a proper name, where it is not the page's.
    pub(crate) fn foreign(self, name: &str) -> Option<&'static str> {
        let has_chinese = name.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        (self.language == Language::English && has_chinese).then_some("zh-CN")
    }

    /// `11月23日 14:05:09` or `23 Nov 14:05:09`, by the clocks of the place.
    pub(crate) fn moment(self, instant_ms: i64) -> String {
        let local = self.local_seconds(instant_ms);
        let (_, month, day) = date(local.div_euclid(DAY));
        let clock = self.clock(instant_ms);
        match self.language {
            Language::Chinese => format!("{month}月{day}日 {clock}"),
            Language::English => {
                let name = MONTHS.get(usize::from(month) - 1).copied().unwrap_or_default();
                format!("{day} {name} {clock}")
            }
        }
    }

    /// `14:05:09`
    pub(crate) fn clock(self, instant_ms: i64) -> String {
        hours_minutes_seconds(self.local_seconds(instant_ms).rem_euclid(DAY))
    }

    /// `14:05`
    pub(crate) fn hour(self, instant_ms: i64) -> String {
        let seconds = self.local_seconds(instant_ms).rem_euclid(DAY);
        format!("{:02}:{:02}", seconds / 3600, seconds / 60 % 60)
    }

    /// `11月23日 14:05` or `23 Nov 14:05`
    pub(crate) fn day_and_hour(self, instant_ms: i64) -> String {
        // Without its seconds.
        let mut moment = self.moment(instant_ms);
        moment.truncate(moment.len() - 3);
        moment
    }

    fn local_seconds(self, instant_ms: i64) -> i64 {
        instant_ms.div_euclid(1000).saturating_add(i64::from(self.utc_offset_minutes) * 60)
    }
}

const DAY: i64 = 86_400;
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `01:05:09`
pub(crate) fn hours_minutes_seconds(seconds: i64) -> String {
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// An instant for machines: `2026-11-23T06:05:09Z`.
pub(crate) fn instant(instant_ms: i64) -> String {
    let seconds = instant_ms.div_euclid(1000);
    let (year, month, day) = date(seconds.div_euclid(DAY));
    format!("{year:04}-{month:02}-{day:02}T{}Z", hours_minutes_seconds(seconds.rem_euclid(DAY)))
}

/// Year, month and day of a count of days since 1970, in the Gregorian calendar.
fn date(days: i64) -> (i64, u8, u8) {
    // Years are counted from 1 March, so that the leap day is a year's last.
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, u8::try_from(month).unwrap_or(1), u8::try_from(day).unwrap_or(1))
}

/// How much of a bar is filled, in hundredths of its length.
pub(crate) fn percent(progress: Progress) -> u64 {
    (progress.done.min(progress.of) * 100).checked_div(progress.of).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEBEI: Reader = Reader { language: Language::Chinese, utc_offset_minutes: 480 };

    #[test]
    fn an_instant_is_told_by_the_clocks_of_the_place() {
        // 2024-02-29 23:59:59 in Hebei.
        let instant_ms = 1_709_222_399_000;
        assert_eq!(HEBEI.moment(instant_ms), "2月29日 23:59:59");
        assert_eq!(HEBEI.day_and_hour(instant_ms), "2月29日 23:59");
        let reader = Reader { language: Language::English, utc_offset_minutes: 0 };
        assert_eq!(reader.moment(instant_ms), "29 Feb 15:59:59");
        assert_eq!(instant(instant_ms), "2024-02-29T15:59:59Z");
    }

    #[test]
    fn days_become_dates_across_leap_years_and_centuries() {
        for (days, wanted) in [
            (0, (1970, 1, 1)),
            (-1, (1969, 12, 31)),
            (11_016, (2000, 2, 29)),
            (11_017, (2000, 3, 1)),
            (47_540, (2100, 2, 28)),
            (47_541, (2100, 3, 1)),
        ] {
            assert_eq!(date(days), wanted, "{days}");
        }
    }

    #[test]
    fn an_address_holds_a_chinese_name_escaped() {
        assert_eq!(segment("唐山/a b"), "%E5%94%90%E5%B1%B1%2Fa%20b");
    }
}
