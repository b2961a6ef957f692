//! In which language somebody is answered: the one they chose, else what their browser asks for.

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use domain::finding::Language;

use super::headers::cookie;

/// The cookie that keeps a choice: `zh` or `en`.
pub(crate) const COOKIE: &str = "lang";

/// The language of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spoke(pub Language);

impl Spoke {
    /// By the choice that was made, else by `Accept-Language`; Chinese where that names neither.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        let chosen = cookie(headers, COOKIE);
        let asked = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Self(match chosen {
            Some("en") => Language::English,
            Some("zh") => Language::Chinese,
            _ => preferred(asked),
        })
    }
}

/// The better liked of the two (RFC 9110, 12.5.4); of equals the first.
fn preferred(header: &str) -> Language {
    let mut best = (0, Language::Chinese);
    for range in header.split(',') {
        let (tag, rest) = range.split_once(';').unwrap_or((range, ""));
        let language = match tag.trim().split('-').next() {
            Some(word) if word.eq_ignore_ascii_case("zh") => Language::Chinese,
            Some(word) if word.eq_ignore_ascii_case("en") => Language::English,
            _ => continue,
        };
        let weight = rest.trim().strip_prefix("q=").map_or(1_000, thousandths);
        if weight > best.0 {
            best = (weight, language);
        }
    }
    best.1
}

/// `0.75` as 750; what is no weight counts as none.
fn thousandths(text: &str) -> u32 {
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
    match (whole.parse::<u32>(), digits.parse::<u32>()) {
        (Ok(whole @ 0..=1), Ok(rest)) => (whole * 1_000 + rest).min(1_000),
        _ => 0,
    }
}

impl<S: Sync> FromRequestParts<S> for Spoke {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(&parts.headers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_better_liked_language_answers() {
        for (header, wanted) in [
            ("", Language::Chinese),
            ("de", Language::Chinese),
            ("en", Language::English),
            ("en-GB,en;q=0.9", Language::English),
            ("zh-CN,zh;q=0.9,en;q=0.8", Language::Chinese),
            ("de,en;q=0.7,zh;q=0.3", Language::English),
            ("en;q=0,zh;q=0.1", Language::Chinese),
            ("en;q=0.501, zh-Hant;q=0.5", Language::English),
            ("zh;q=x,en;q=0.1", Language::English),
        ] {
            assert_eq!(preferred(header), wanted, "{header}");
        }
    }
}
