//! Exact numbers: marks in hundredths, measured values in millionths, and the one way to round.
//!
//! No float exists here, and none touches a result.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A mark, a maximum, a total: whole hundredths of a mark (`8333` is 83.33).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(transparent))]
pub struct Mark(pub i64);

/// Any other given or measured number: whole millionths (`5_750_000` is 5.75).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(transparent))]
pub struct Decimal(#[cfg_attr(feature = "schema", schemars(with = "String"))] pub i64);

/// Why a text is no number that we take. Each says what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NumberError {
    /// Nothing there.
    Empty,
    /// `5,75`: one comma where the point belongs; holds the spelling that is meant.
    DecimalComma(String),
    /// `５.７５`: full-width digits; holds the spelling that is meant.
    FullWidth(String),
    /// More decimals than the field keeps (2 for a mark, 6 for a measured value).
    TooFine,
    /// Larger than anything this field can hold.
    TooLarge,
    /// Not a number at all.
    NotANumber,
}

impl Mark {
    /// Nothing: a given mark of 0.00, which is not the same as *not marked*.
    pub const ZERO: Self = Self(0);
    /// The largest mark, maximum or total that any document may name: 10,000.00.
    pub const LARGEST: Self = Self(1_000_000);

    /// Whether it is small enough to be written and read back.
    #[must_use]
    pub const fn is_in_limits(self) -> bool {
        self.0.unsigned_abs() <= Self::LARGEST.0.unsigned_abs()
    }

    /// Reads `83`, `83.3` or `83.33`.
    ///
    /// # Errors
    /// Whatever [`NumberError`] names; a third decimal other than 0 is `TooFine`.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        let value = Decimal::parse(text)?;
        value.to_mark().ok_or(NumberError::TooFine)
    }
}

impl Decimal {
    /// One, in millionths.
    pub const ONE: Self = Self(1_000_000);
    /// The largest size a given or measured number may have: a thousand million.
    pub const LARGEST: i64 = 1_000_000_000_000_000;

    /// A whole number.
    #[must_use]
    pub const fn whole(value: i32) -> Self {
        Self(value as i64 * 1_000_000)
    }

    /// Reads a plain decimal (`12.5`, `-0.05`) or one with an exponent, as marking workbooks print
    /// them (`0E-8`, `1.00000000`, `2.5e1`).
    ///
    /// # Errors
    /// Whatever [`NumberError`] names. A decimal comma and full-width digits are told apart from
    /// nonsense, so that the message can show the spelling that is meant.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(NumberError::Empty);
        }
        match parse_plain(text) {
            Err(NumberError::NotANumber) => {}
            known => return known,
        }
        let narrow = narrow(text);
        let pointed = narrow.replacen(',', ".", 1);
        match (narrow != text, parse_plain(&narrow), parse_plain(&pointed)) {
            (true, Ok(_), _) => Err(NumberError::FullWidth(narrow)),
            (true, _, Ok(_)) => Err(NumberError::FullWidth(pointed)),
            (false, _, Ok(_)) => Err(NumberError::DecimalComma(pointed)),
            _ => Err(NumberError::NotANumber),
        }
    }

    /// Whether it is small enough to be written and read back.
    #[must_use]
    pub const fn is_in_limits(self) -> bool {
        self.0.unsigned_abs() <= Self::LARGEST.unsigned_abs()
    }

    /// The same number as a mark, when it has at most two decimals.
    #[must_use]
    pub fn to_mark(self) -> Option<Mark> {
        (self.0 % 10_000 == 0).then_some(Mark(self.0 / 10_000))
    }

    /// Whether it is a whole number, and which.
    #[must_use]
    pub fn to_whole(self) -> Option<i64> {
        (self.0 % 1_000_000 == 0).then_some(self.0 / 1_000_000)
    }
}

impl From<Mark> for Decimal {
    fn from(mark: Mark) -> Self {
        Self(mark.0 * 10_000)
    }
}

/// `numerator / denominator` rounded half-up to a whole number: halves go towards plus infinity
/// . Both in the same unit; `denominator` is above 0.
#[must_use]
pub fn round_half_up(numerator: i128, denominator: i128) -> i128 {
    debug_assert!(denominator > 0, "a denominator is above zero");
    (2 * numerator + denominator).div_euclid(2 * denominator)
}

/// The same for figures that are known to fit 64 bits, on the hot path.
#[must_use]
pub(crate) fn round_half_up_64(numerator: i64, denominator: i64) -> i64 {
    (2 * numerator + denominator).div_euclid(2 * denominator)
}

/// The same text with full-width digits, letters, points, commas and signs made narrow (`５，７` → `5,7`).
#[must_use]
pub fn narrow(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '！'..='～' => char::from_u32(c as u32 - '！' as u32 + '!' as u32).unwrap_or(c),
            '。' => '.',
            '−' => '-',
            _ => c,
        })
        .collect()
}

fn parse_plain(text: &str) -> Result<Decimal, NumberError> {
    let (body, exponent) = match text.find(['e', 'E']) {
        Some(at) => {
            let exponent = text[at + 1..].parse::<i32>().map_err(|_| NumberError::NotANumber)?;
            (&text[..at], exponent)
        }
        None => (text, 0),
    };
    if exponent.unsigned_abs() > 30 {
        return Err(NumberError::TooLarge);
    }
    let (negative, digits) = match body.as_bytes().first() {
        Some(b'-') => (true, &body[1..]),
        Some(b'+') => (false, &body[1..]),
        _ => (false, body),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit());
    if whole.is_empty() || !all_digits || (digits.contains('.') && fraction.is_empty()) {
        return Err(NumberError::NotANumber);
    }
    if whole.len() + fraction.len() > 36 {
        return Err(NumberError::TooLarge);
    }
    let mut value: i128 = 0;
    for digit in whole.bytes().chain(fraction.bytes()) {
        value = value * 10 + i128::from(digit - b'0');
    }
    // Shift to millionths: 10^(6 + exponent - decimals).
    let decimals = i32::try_from(fraction.len()).map_err(|_| NumberError::TooLarge)?;
    let mut shift = 6 + exponent - decimals;
    while shift < 0 {
        if value % 10 != 0 {
            return Err(NumberError::TooFine);
        }
        value /= 10;
        shift += 1;
    }
    while shift > 0 && value != 0 {
        value = value.checked_mul(10).ok_or(NumberError::TooLarge)?;
        shift -= 1;
    }
    let value = i64::try_from(value).map_err(|_| NumberError::TooLarge)?;
    if value > Decimal::LARGEST {
        return Err(NumberError::TooLarge);
    }
    Ok(Decimal(if negative { -value } else { value }))
}

/// Always two decimals: `83.00`.
impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let size = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", size / 100, size % 100)
    }
}

/// The shortest exact spelling: `5.75`, `3`, `-0.05`. This is the canonical one.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let size = self.0.unsigned_abs();
        let (whole, mut fraction) = (size / 1_000_000, size % 1_000_000);
        write!(f, "{sign}{whole}")?;
        if fraction == 0 {
            return Ok(());
        }
        let mut width = 6;
        while fraction % 10 == 0 {
            fraction /= 10;
            width -= 1;
        }
        write!(f, ".{fraction:0width$}")
    }
}

/// As a whole number of hundredths, as SQL and the ledger keep it.
impl Serialize for Mark {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

impl<'de> Deserialize<'de> for Mark {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = i64::deserialize(deserializer)?;
        let mark = Self(value);
        if mark.is_in_limits() { Ok(mark) } else { Err(de::Error::custom("a mark beyond 10,000.00")) }
    }
}

/// As its canonical text, so that no reader ever makes a float of it.
impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(|error| de::Error::custom(format!("{text}: {error:?}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_and_exponent_spellings_are_read_exactly() {
        for (text, millionths) in [
            ("0E-8", 0),
            ("1.00000000", 1_000_000),
            ("5.75", 5_750_000),
            ("-0.05", -50_000),
            ("2.5e1", 25_000_000),
        ] {
            assert_eq!(Decimal::parse(text), Ok(Decimal(millionths)), "{text}");
        }
        assert_eq!(Mark::parse("83.3"), Ok(Mark(8330)));
        assert_eq!(Mark::parse("83.333"), Err(NumberError::TooFine));
    }

    #[test]
    fn a_decimal_comma_and_full_width_digits_are_named_with_the_spelling_that_is_meant() {
        assert_eq!(Decimal::parse("5,75"), Err(NumberError::DecimalComma("5.75".into())));
        assert_eq!(Decimal::parse("５.７５"), Err(NumberError::FullWidth("5.75".into())));
        assert_eq!(Decimal::parse("５，７５"), Err(NumberError::FullWidth("5.75".into())));
        assert_eq!(Decimal::parse("1,234,5"), Err(NumberError::NotANumber));
        assert_eq!(Decimal::parse("3."), Err(NumberError::NotANumber));
        assert_eq!(Decimal::parse("９９９９９９９９９９９９９９"), Err(NumberError::NotANumber));
        assert_eq!(Decimal::parse("99999999999999"), Err(NumberError::TooLarge));
    }

    #[test]
    fn the_most_extreme_numbers_are_answered_and_never_overflow() {
        for text in ["1e-2147483648", "1e2147483647", "-1e-2147483648"] {
            assert_eq!(Decimal::parse(text), Err(NumberError::TooLarge), "{text}");
        }
        for number in [i64::MIN, i64::MIN + 1, i64::MAX, 1_000_001] {
            assert!(serde_json::from_str::<Mark>(&number.to_string()).is_err(), "{number}");
        }
    }

    #[test]
    fn the_canonical_spelling_is_the_shortest() {
        for (millionths, text) in [(5_750_000, "5.75"), (3_000_000, "3"), (-50_000, "-0.05"), (1, "0.000001")]
        {
            assert_eq!(Decimal(millionths).to_string(), text);
            assert_eq!(Decimal::parse(text), Ok(Decimal(millionths)));
        }
        assert_eq!(Mark(8300).to_string(), "83.00");
        assert_eq!(Mark(-5).to_string(), "-0.05");
    }

    #[test]
    fn halves_round_towards_plus_infinity() {
        assert_eq!(round_half_up(5, 2), 3);
        assert_eq!(round_half_up(-5, 2), -2);
        assert_eq!(round_half_up(898_250, 100), 8983); // 89.825 → 89.83
    }
}
