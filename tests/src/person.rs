//! Made-up people.

/// A made-up resident number with its right check character (GB 11643): `region` has six digits, `born` is
/// `19900307`, and the last three digits of `serial` tell those apart who were born there that day.
#[must_use]
pub fn resident_number(region: &str, born: &str, serial: u32) -> String {
    let first = format!("{region}{born}{:03}", serial % 1_000);
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let digits = first.chars().filter_map(|digit| digit.to_digit(10));
    let sum: u32 = digits.zip(weights).map(|(digit, weight)| digit * weight).sum();
    let check = "10X98765432".chars().nth((sum % 11) as usize).expect("a check");
    format!("{first}{check}")
}
