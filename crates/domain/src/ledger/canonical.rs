//! Canonical JSON (RFC 8785) of strings, whole numbers, booleans and null (R-184): one value has one
//! text, so that a hash means the same on every machine.

use serde::Serialize;
use serde_json::Value;

/// The largest whole number that RFC 8785 writes exactly, 2^53 − 1.
pub const INTEGER_MAX: i64 = 9_007_199_254_740_991;

/// Whether a whole number has a canonical form.
#[must_use]
pub fn is_whole(number: i64) -> bool {
    (-INTEGER_MAX..=INTEGER_MAX).contains(&number)
}

/// The canonical bytes of any serialisable value.
///
/// # Errors
/// Where the value holds a fraction or a whole number beyond 2^53 − 1.
pub fn to_vec<T: Serialize>(value: &T) -> Result<Vec<u8>, String> {
    let value = serde_json::to_value(value).map_err(|error| error.to_string())?;
    let mut out = Vec::new();
    write(&value, &mut out)?;
    Ok(out)
}

fn write(value: &Value, out: &mut Vec<u8>) -> Result<(), String> {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Number(number) => {
            let whole = number.as_i64().filter(|n| is_whole(*n));
            let whole = whole.ok_or_else(|| format!("{number} has no canonical form"))?;
            out.extend_from_slice(whole.to_string().as_bytes());
        }
        Value::String(text) => write_text(text, out)?,
        Value::Array(items) => {
            out.push(b'[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                write(item, out)?;
            }
            out.push(b']');
        }
        Value::Object(fields) => {
            // RFC 8785 sorts by UTF-16 code units; sorting here does not rely on the map's own order.
            let mut names: Vec<_> = fields.iter().collect();
            names.sort_by(|a, b| a.0.encode_utf16().cmp(b.0.encode_utf16()));
            out.push(b'{');
            for (at, (name, field)) in names.into_iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                write_text(name, out)?;
                out.push(b':');
                write(field, out)?;
            }
            out.push(b'}');
        }
    }
    Ok(())
}

/// `serde_json` escapes exactly as RFC 8785 asks: the short forms, lower-case `\u00xx` for the other
/// controls, everything else as it is.
fn write_text(text: &str, out: &mut Vec<u8>) -> Result<(), String> {
    serde_json::to_writer(out, text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_are_sorted_by_utf16_and_text_is_escaped_as_the_standard_says() {
        let value =
            json!({"\u{20ac}": 1, "\r": 2, "\u{fb33}": 3, "1": 4, "\u{1f600}": 5, "\u{80}": 6, "\u{f6}": 7});
        let text = String::from_utf8(to_vec(&value).expect("canonical")).expect("UTF-8");
        // The order of RFC 8785, section 3.2.3.
        assert_eq!(
            text,
            "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"\u{f6}\":7,\"\u{20ac}\":1,\"\u{1f600}\":5,\"\u{fb33}\":3}"
        );
        let controls = to_vec(&json!("\u{8}\t\n\u{c}\r\u{1f}\"\\/\u{7f}评")).expect("canonical");
        assert_eq!(controls, "\"\\b\\t\\n\\f\\r\\u001f\\\"\\\\/\u{7f}评\"".as_bytes());
    }

    #[test]
    fn fractions_and_unsafe_integers_are_refused() {
        assert!(to_vec(&json!(0.5)).is_err());
        assert!(to_vec(&json!(9_007_199_254_740_992_i64)).is_err());
        assert!(to_vec(&json!(-9_007_199_254_740_991_i64)).is_ok());
        assert!(to_vec(&json!(i64::MIN)).is_err());
        assert!(to_vec(&json!(u64::MAX)).is_err());
    }
}
