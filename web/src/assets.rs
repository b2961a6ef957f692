//! The files that pages name: style, icon, and what runs in the browser, each under an address that
//! holds its hash, so that it may be kept for ever.

/// One file to serve.
#[derive(Clone, Copy, Debug)]
pub struct Asset {
    /// Its address: `/assets/leitai-HASH.css`.
    pub path: &'static str,
    /// Its `Content-Type`.
    pub content_type: &'static str,
    /// Its bytes.
    pub body: &'static [u8],
    /// The same, compressed by brotli, where it was built.
    pub brotli: Option<&'static [u8]>,
}

/// Every file that pages name. Without the browser's part (`cargo xtask web` builds it) the pages
/// are plain HTML that is loaded again from time to time.
#[must_use]
pub const fn assets() -> &'static [Asset] {
    ASSETS
}

// STYLE, ICON, BOOT, DEVICE_STYLE, READY, JOIN, DRAW, RULES, RULES_STYLE, SCHEME, SCHEME_STYLE, JUDGE_STYLE,
// JUDGE_BOOT, JUDGE_KEYS, JUDGE_NOTES, JUDGE_WORDS, JUDGE_PAD, JUDGE_ICON_192, JUDGE_ICON_512: addresses.
// SCRIPT, WASM, JUDGE_SCRIPT, JUDGE_WASM: addresses where built. JUDGE_WORKER: the text of the
// service worker; JUDGE_VERSION: what it calls itself. ASSETS: the files.
include!(concat!(env!("OUT_DIR"), "/assets.rs"));
