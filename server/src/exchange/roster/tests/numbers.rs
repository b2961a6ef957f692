//! Identity numbers, sound and mistyped.

use super::made::number;
use crate::exchange::roster::IdNumber;
use crate::exchange::roster::IdNumberError as E;

fn parse(text: &str) -> Result<IdNumber, E> {
    IdNumber::parse(text)
}

#[test]
fn a_resident_number_is_read_however_it_is_typed() {
    let expected = "11010120000101007X";
    for text in [
        "11010120000101007X",
        "11010120000101007x",
        " 110101 2000 0101 007X ",
        "１１０１０１２００００１０１００７Ｘ",
        "11010120000101007ｘ",
        "'11010120000101007X",
        "\u{202d}11010120000101007X\u{202c}",
    ] {
        let number = parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        assert_eq!(number.as_str(), expected, "{text}");
        assert!(number.is_resident());
        assert_eq!(number.birth_date().as_deref(), Some("2000-01-01"));
    }
}

#[test]
fn each_digit_of_a_resident_number_is_checked() {
    for serial in [0, 1, 17, 999, 12_345, 299_999] {
        let sound = number(serial);
        assert_eq!(parse(&sound).unwrap().as_str(), sound);
        for at in 0..18 {
            for other in "0123456789".chars().filter(|other| sound.chars().nth(at) != Some(*other)) {
                let wrong: String =
                    sound.chars().enumerate().map(|(place, c)| if place == at { other } else { c }).collect();
                assert!(parse(&wrong).is_err(), "{wrong}");
            }
        }
    }
}

#[test]
fn what_is_wrong_with_a_number_is_told_apart() {
    for (text, expected) in [
        ("110101200001010079", E::Check),
        ("110101000101007", E::Old),
        ("11010120000101007", E::Length(17)),
        ("1101012000010100700", E::Length(19)),
        ("1101012000010100X", E::Length(17)),
        ("12345678", E::Length(8)),
        ("X", E::Form),
        ("11010120000101O07X", E::Character),
        ("1101012000010X007X", E::Character),
        ("00010120000101007X", E::Province),
        ("16010120000101007X", E::Province),
        ("99010120000101007X", E::Province),
        ("11010120000230007X", E::Date),
        ("11010120011301007X", E::Date),
        ("11010120010229007X", E::Date),
        ("11010118991231007X", E::Date),
        ("11010121010101007X", E::Date),
        ("AB12", E::Form),
        ("ABCDEFGHIJKLMNOPQRS", E::Form),
        ("E1234-678", E::Form),
        ("护照E12345678", E::Form),
        ("", E::Form),
    ] {
        assert_eq!(parse(text).err(), Some(expected), "{text}");
    }
    // A leap day.
    assert_eq!(parse("110101200002290077").unwrap().birth_date().as_deref(), Some("2000-02-29"));
}

#[test]
fn a_passport_or_permit_is_read_by_its_form() {
    for (text, expected) in [
        ("e12345678", "E12345678"),
        ("Ｈ１２３４５６７８０１", "H1234567801"),
        ("ab 123", "AB123"),
        ("1234567A", "1234567A"),
    ] {
        let number = parse(text).unwrap();
        assert_eq!((number.as_str(), number.is_resident(), number.birth_date()), (expected, false, None));
    }
}

#[test]
fn a_number_never_prints_itself() {
    for (text, masked) in
        [("11010120000101007X", "110***********007X"), ("E12345678", "E******78"), ("AB123", "A**23")]
    {
        let number = parse(text).unwrap();
        assert_eq!(number.masked(), masked);
        assert_eq!(format!("{number:?}"), masked);
    }
}
