//! A point in time as packages write it (RFC 3339), with room for the order inside a millisecond.

use std::fmt;

use jiff::Timestamp;

/// A point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    /// Milliseconds since 1970 UTC.
    pub ms: i64,
    /// The order inside the millisecond, below a million: how the lines of an export keep theirs.
    pub order: i32,
}

impl Moment {
    /// Reads `2026-05-01T09:30:00+08:00`, with up to nine decimals of a second.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let nanos = text.parse::<Timestamp>().ok()?.as_nanosecond();
        let ms = i64::try_from(nanos.div_euclid(1_000_000)).ok()?;
        Some(Self { ms, order: i32::try_from(nanos.rem_euclid(1_000_000)).ok()? })
    }
}

/// In UTC: `2026-05-01T01:30:00.000Z`; the order inside the millisecond follows as further decimals.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = i128::from(self.ms) * 1_000_000 + i128::from(self.order);
        let time = Timestamp::from_nanosecond(nanos).map_err(|_| fmt::Error)?;
        if self.order == 0 { write!(f, "{time:.3}") } else { write!(f, "{time:.9}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_3339_is_read_and_written() {
        for (text, ms, order) in [
            ("1970-01-01T00:00:00Z", 0, 0),
            ("2026-05-01T09:30:00+08:00", 1_777_599_000_000, 0),
            ("2024-02-29T23:59:59.123Z", 1_709_251_199_123, 0),
            ("2024-02-29T23:59:59.123000007Z", 1_709_251_199_123, 7),
            ("1969-12-31T23:59:59.999Z", -1, 0),
        ] {
            let moment = Moment::parse(text).expect(text);
            assert_eq!((moment.ms, moment.order), (ms, order), "{text}");
            assert_eq!(Moment::parse(&moment.to_string()), Some(moment));
        }
        assert_eq!(Moment { ms: 0, order: 0 }.to_string(), "1970-01-01T00:00:00.000Z");
        for text in ["2023-02-29T00:00:00Z", "2024-01-01", "2024-01-01T00:00:00", "9:30", "明天"] {
            assert_eq!(Moment::parse(text), None, "{text}");
        }
    }
}
