//! The number of a person's document: a resident number by GB 11643, checked in full, or that of a
//! passport or permit, of which only the form is known.

use std::fmt;

use jiff::civil::Date;

use crate::exchange::list::half_width;
use crate::exchange::sheet::is_hidden;

/// How many digits a resident number has, its check character included.
const RESIDENT_LENGTH: usize = 18;
/// How many it had until 1999.
const OLD_LENGTH: usize = 15;
/// GB 11643: what each of the first 17 digits counts.
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// The check character by the weighted sum modulo 11.
const CHECK_CHARACTERS: &[u8; 11] = b"10X98765432";
/// GB/T 2260: the first two digits.
const PROVINCES: [&str; 35] = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42",
    "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82",
    "83",
];
/// A text of 18 characters with at least so many digits is meant as a resident number: no passport or permit
/// is like that, and a letter in it was typed for a digit.
const RESIDENT_DIGITS_MIN: usize = 14;

/// The number of a document, in its one spelling. It never prints itself in full.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdNumber(String);

/// Why a text is no number of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdNumberError {
    /// 15 digits, as they were given out until 1999.
    Old,
    /// Digits, and neither 15 nor 18 of them.
    Length(usize),
    /// A resident number with something else than digits in it.
    Character,
    /// No province has these first two digits.
    Province,
    /// No day of the calendar, or none that a living person was born on.
    Date,
    /// A digit is wrong, or two stand in each other's place.
    Check,
    /// Neither a resident number nor the form of a passport's or permit's.
    Form,
}

impl IdNumber {
    /// Reads a number, full-width or with spaces in it, `x` as `X`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, IdNumberError> {
        let number: String = text
            .chars()
            .map(half_width)
            .filter(|c| !c.is_whitespace() && !is_hidden(*c))
            .map(|c| c.to_ascii_uppercase())
            .collect();
        // What makes a spreadsheet keep a number as text comes along in some CSV files.
        let number = number.trim_start_matches(['\'', '‘', '’']);
        let length = number.chars().count();
        let digits = number.strip_suffix('X').unwrap_or(number);
        if is_all_digits(digits) {
            return match length {
                RESIDENT_LENGTH => resident(number),
                OLD_LENGTH if digits == number => Err(IdNumberError::Old),
                _ => Err(IdNumberError::Length(length)),
            };
        }
        let digits = number.chars().filter(char::is_ascii_digit).count();
        if length == RESIDENT_LENGTH && digits >= RESIDENT_DIGITS_MIN {
            return Err(IdNumberError::Character);
        }
        let is_document = (5..=18).contains(&length) && number.chars().all(|c| c.is_ascii_alphanumeric());
        if is_document { Ok(Self(number.to_owned())) } else { Err(IdNumberError::Form) }
    }

    /// The number in full, for whoever encrypts or compares it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `110***********1234`: enough to tell which of one's own numbers it is. Of a short number less
    /// is shown, as it would be given away otherwise.
    #[must_use]
    pub fn masked(&self) -> String {
        let length = self.0.len();
        let (first, last) = if length >= OLD_LENGTH { (3, 4) } else { (1, 2) };
        let start = self.0.get(..first).unwrap_or_default();
        let end = self.0.get(length.saturating_sub(last)..).unwrap_or_default();
        format!("{start}{}{end}", "*".repeat(length.saturating_sub(first + last)))
    }

    /// Whether it is a resident number.
    #[must_use]
    pub fn is_resident(&self) -> bool {
        self.0.get(..RESIDENT_LENGTH - 1).is_some_and(is_all_digits)
    }

    /// The birth date in a resident number: `1990-03-07`.
    #[must_use]
    pub fn birth_date(&self) -> Option<String> {
        if !self.is_resident() {
            return None;
        }
        Some(format!("{}-{}-{}", self.0.get(6..10)?, self.0.get(10..12)?, self.0.get(12..14)?))
    }
}

/// Masked, so that no log and no message of a failed test gives it away.
impl fmt::Debug for IdNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

/// 18 characters that are digits, but for an `X` at the end.
fn resident(number: &str) -> Result<IdNumber, IdNumberError> {
    if !number.get(..2).is_some_and(|province| PROVINCES.contains(&province)) {
        return Err(IdNumberError::Province);
    }
    let part = |range: std::ops::Range<usize>| number.get(range).unwrap_or_default();
    let year = part(6..10).parse().unwrap_or_default();
    let is_date =
        Date::new(year, part(10..12).parse().unwrap_or_default(), part(12..14).parse().unwrap_or_default())
            .is_ok();
    if !is_date || !(1900..=2100).contains(&year) {
        return Err(IdNumberError::Date);
    }
    let sum: u32 = number.bytes().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    let expected = usize::try_from(sum % 11).ok().and_then(|at| CHECK_CHARACTERS.get(at));
    if number.bytes().last().as_ref() == expected {
        Ok(IdNumber(number.to_owned()))
    } else {
        Err(IdNumberError::Check)
    }
}

fn is_all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
