//! What the judge's app begins from: a page that loads it, the manifest that installs it, and the
//! service worker that opens it without a network. The app itself is `judge-client`.

use domain::finding::Language;

use crate::assets;
use crate::document::{Context, Theme};

/// The page of the judge's app. It holds nothing of anybody, so that a browser can keep it.
#[must_use]
pub fn judge_page(context: &Context) -> String {
    let (tag, title, waiting, failed, missing, again) = match context.language {
        Language::Chinese => (
            "zh-CN",
            "裁判评分 – 擂台",
            "正在打开……",
            "评分程序没有运行起来。已保存的评分都在这台设备上。请重新载入本页；仍不行时请换用较新的浏览器，或联系裁判长。",
            "这个服务器没有带上评分程序。组委会请用 cargo xtask demo 或按 README 重新构建。",
            "重新载入",
        ),
        Language::English => (
            "en",
            "Marking – Leitai",
            "Opening …",
            "The app does not run. What was saved is on this device. Load this page again; if that does not help, use a newer browser or ask the chief judge.",
            "This server was built without the judge's app. Organisers: build it as the README says, or by cargo xtask demo.",
            "Load again",
        ),
    };
    let theme = context.theme.name();
    let scheme = if context.theme == Theme::Auto { "light dark" } else { theme };
    // As `base.css` has it.
    let paper = if context.theme == Theme::Dark { "#12151a" } else { "#faf7f0" };
    let app = match (assets::JUDGE_SCRIPT, assets::JUDGE_WASM) {
        (Some(script), Some(wasm)) => format!(
            "<script src=\"{}\" defer></script>\
             <script src=\"{}\" defer data-script=\"{script}\" data-wasm=\"{wasm}\" data-notes=\"{}\"></script>",
            assets::JUDGE_KEYS,
            assets::JUDGE_BOOT,
            assets::JUDGE_NOTES,
        ),
        _ => String::new(),
    };
    let words = if app.is_empty() { missing } else { waiting };
    format!(
        "<!DOCTYPE html><html lang=\"{tag}\" data-theme=\"{theme}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1, viewport-fit=cover\">\
         <title>{title}</title><meta name=\"color-scheme\" content=\"{scheme}\">\
         <meta name=\"theme-color\" content=\"{paper}\">\
         <meta name=\"apple-mobile-web-app-capable\" content=\"yes\">\
         <link rel=\"stylesheet\" href=\"{}\">\
         <link rel=\"icon\" href=\"{}\" type=\"image/svg+xml\"><link rel=\"apple-touch-icon\" href=\"{}\">\
         <link rel=\"manifest\" href=\"/judge/manifest.webmanifest\">{app}</head>\
         <body class=\"page-judge\"><div id=\"judge\" data-worker=\"/judge/worker.js\" data-version=\"{}\" data-pad=\"{}\" data-words=\"{}\" translate=\"no\">\
         <p class=\"stage\">{words}</p></div><noscript><p class=\"stage\">{failed}</p></noscript>\
         <p class=\"failed\" role=\"alert\">{failed} <a href=\"/judge\">{again}</a></p></body></html>",
        assets::JUDGE_STYLE,
        assets::ICON,
        assets::JUDGE_ICON_192,
        judge_version(),
        assets::JUDGE_PAD,
        assets::JUDGE_WORDS,
    )
}

/// Which judge's app this server gives: another text whenever anything of it is another.
#[must_use]
pub const fn judge_version() -> &'static str {
    assets::JUDGE_VERSION
}

/// What a browser needs to know to install the app.
#[must_use]
pub fn judge_manifest(language: Language) -> String {
    let (tag, name, short) = match language {
        Language::Chinese => ("zh-CN", "擂台 · 裁判评分", "擂台评分"),
        Language::English => ("en", "Leitai – judge's marking", "Leitai judge"),
    };
    format!(
        "{{\"id\":\"/judge\",\"lang\":\"{tag}\",\"name\":\"{name}\",\"short_name\":\"{short}\",\
         \"start_url\":\"/judge\",\"scope\":\"/judge\",\"display\":\"standalone\",\
         \"background_color\":\"#faf7f0\",\"theme_color\":\"#faf7f0\",\"icons\":[\
         {{\"src\":\"{0}\",\"sizes\":\"192x192\",\"type\":\"image/png\"}},\
         {{\"src\":\"{1}\",\"sizes\":\"512x512\",\"type\":\"image/png\"}},\
         {{\"src\":\"{1}\",\"sizes\":\"512x512\",\"type\":\"image/png\",\"purpose\":\"maskable\"}},\
         {{\"src\":\"{2}\",\"sizes\":\"any\",\"type\":\"image/svg+xml\"}}]}}",
        assets::JUDGE_ICON_192,
        assets::JUDGE_ICON_512,
        assets::ICON,
    )
}

/// The text of the app's service worker, with the list of what it keeps.
#[must_use]
pub const fn judge_worker() -> &'static str {
    assets::JUDGE_WORKER
}
