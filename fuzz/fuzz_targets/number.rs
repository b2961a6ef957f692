//! Marks and measured values as people and workbooks write them: read or refused, never a panic, and
//! what is read has one canonical text.
#![no_main]

use domain::number::{Decimal, Mark, NumberError, narrow};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match Decimal::parse(text) {
        Ok(value) => {
            assert!(value.is_in_limits());
            assert_eq!(Decimal::parse(&value.to_string()), Ok(value));
        }
        // The spelling that is said to be meant can be read.
        Err(NumberError::DecimalComma(meant) | NumberError::FullWidth(meant)) => {
            assert!(Decimal::parse(&meant).is_ok());
        }
        Err(_) => {}
    }
    if let Ok(mark) = Mark::parse(text) {
        assert_eq!(Mark::parse(&mark.to_string()), Ok(mark));
    }
    let plain = narrow(text);
    assert_eq!(narrow(&plain), plain);
    let _ = serde_json::from_str::<Mark>(text);
    if let Ok(value) = serde_json::from_str::<Decimal>(text) {
        assert!(value.is_in_limits());
    }
});
