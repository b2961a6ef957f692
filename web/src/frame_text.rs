//! The texts around a page, which only the server writes.

use domain::finding::Language;

/// The texts of what stands around every page.
#[derive(Debug)]
pub(crate) struct FrameTexts {
    pub(crate) skip_to_content: &'static str,
    pub(crate) preferences: &'static str,
    pub(crate) language: &'static str,
    pub(crate) theme: &'static str,
    pub(crate) theme_auto: &'static str,
    pub(crate) theme_light: &'static str,
    pub(crate) theme_dark: &'static str,
    pub(crate) footer: &'static str,
    pub(crate) back_home: &'static str,
    pub(crate) try_again: &'static str,
}

/// The texts of a language.
pub(crate) const fn frame_texts(language: Language) -> &'static FrameTexts {
    match language {
        Language::Chinese => &CHINESE,
        Language::English => &ENGLISH,
    }
}

const CHINESE: FrameTexts = FrameTexts {
    skip_to_content: "跳到正文",
    preferences: "显示设置",
    language: "语言",
    theme: "外观",
    theme_auto: "跟随系统",
    theme_light: "浅色",
    theme_dark: "深色",
    footer: "擂台（Leitai）：职业技能竞赛平台",
    back_home: "返回首页",
    try_again: "再试一次",
};

const ENGLISH: FrameTexts = FrameTexts {
    skip_to_content: "Skip to content",
    preferences: "Display",
    language: "Language",
    theme: "Theme",
    theme_auto: "As the system",
    theme_light: "Light",
    theme_dark: "Dark",
    footer: "Leitai (擂台): skills competitions, from drill to world",
    back_home: "Back to the home page",
    try_again: "Try again",
};

/// What a page that could not be shown says: what is wrong, and what to do.
pub(crate) const fn problem(status: u16, language: Language) -> (&'static str, &'static str) {
    let (zh, en) = match status {
        404 => (
            ("这里什么也没有", "地址可能有误，或者内容尚未公开。请从首页找到大赛和赛项。"),
            (
                "There is nothing here",
                "The address may be wrong, or this is not public yet. Find it from the home page.",
            ),
        ),
        429 => (
            ("访问太频繁", "请稍等片刻再试。榜单会自动更新，不需要反复刷新。"),
            ("Too many requests", "Please wait a moment. Boards move by themselves; no need to reload."),
        ),
        503 => (
            ("服务正忙或正在重启", "成绩都已保存。请过一会儿再试。"),
            ("Busy, or starting again", "No mark is lost. Please try again in a moment."),
        ),
        400..=499 => (
            ("这个请求无法处理", "请返回首页重新进入。"),
            ("This request cannot be answered", "Please start again from the home page."),
        ),
        _ => (
            ("出了差错", "问题已记录，成绩不受影响。请过一会儿再试。"),
            (
                "Something went wrong",
                "It has been noted, and no mark is affected. Please try again in a moment.",
            ),
        ),
    };
    match language {
        Language::Chinese => zh,
        Language::English => en,
    }
}
