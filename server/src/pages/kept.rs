//! Public pages as they were rendered last: one rendering and one compression for everybody who looks
//! at the same revision in the same language and theme.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use domain::finding::Language;
use web::Theme;

/// Above this many pages all are forgotten: addresses can be written in many ways.
const PAGES_MAX: usize = 500;
/// Of 11. A board of 400 rows takes milliseconds, and is hardly larger than by the best.
const QUALITY: i32 = 5;
/// Whole documents fit in the window.
const WINDOW_BITS: i32 = 20;

/// The pages.
#[derive(Debug, Default)]
pub(crate) struct KeptPages(Mutex<HashMap<Place, Arc<Rendered>>>);

/// What tells pages of one revision apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Place {
    pub(super) path: String,
    pub(super) is_english: bool,
    pub(super) theme: &'static str,
}

/// A page of one revision.
#[derive(Debug)]
pub(super) struct Rendered {
    etag: String,
    pub(super) html: Bytes,
    /// The same, compressed.
    pub(super) brotli: Bytes,
}

impl KeptPages {
    /// The page, where it is of that revision.
    pub(super) fn get(&self, place: &Place, etag: &str) -> Option<Arc<Rendered>> {
        let pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        pages.get(place).filter(|page| page.etag == etag).map(Arc::clone)
    }

    /// Keeps a page in place of an earlier one.
    pub(super) fn keep(&self, place: Place, page: &Arc<Rendered>) {
        let mut pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if pages.len() >= PAGES_MAX && !pages.contains_key(&place) {
            pages.clear();
        }
        pages.insert(place, Arc::clone(page));
    }
}

impl Place {
    pub(super) fn new(path: &str, language: Language, theme: Theme) -> Self {
        Self { path: path.to_owned(), is_english: language == Language::English, theme: theme.name() }
    }
}

impl Rendered {
    /// A page with its compressed form.
    pub(super) fn new(etag: String, html: String) -> Self {
        let parameters = brotli::enc::BrotliEncoderParams {
            quality: QUALITY,
            lgwin: WINDOW_BITS,
            size_hint: html.len(),
            ..Default::default()
        };
        let mut brotli = Vec::with_capacity(html.len() / 8);
        // Writing into memory does not fail; an empty one is never sent.
        if brotli::BrotliCompress(&mut html.as_bytes(), &mut brotli, &parameters).is_err() {
            brotli.clear();
        }
        Self { etag, html: Bytes::from(html), brotli: Bytes::from(brotli) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_kept_for_one_revision_and_none_beyond_the_most() {
        let kept = KeptPages::default();
        let place = |path: &str| Place::new(path, Language::Chinese, Theme::Dark);
        let page = Arc::new(Rendered::new("1".to_owned(), "<p>".repeat(1_000)));
        assert!(!page.brotli.is_empty() && page.brotli.len() < 100, "{}", page.brotli.len());
        kept.keep(place("/a"), &page);
        assert!(kept.get(&place("/a"), "1").is_some());
        assert!(kept.get(&place("/a"), "2").is_none() && kept.get(&place("/b"), "1").is_none());
        assert!(kept.get(&Place::new("/a", Language::English, Theme::Dark), "1").is_none());
        for number in 0..2 * PAGES_MAX {
            kept.keep(place(&number.to_string()), &page);
        }
        assert!(kept.0.lock().expect("no panic held it").len() <= PAGES_MAX);
    }
}
