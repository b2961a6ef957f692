//! The whole HTML document of a page.

use std::fmt::Write as _;

use domain::finding::Language;
use leptos::prelude::*;
use protocol::view::{BoardView, CompetitionView, DelegationView, HomeView, Topic};
use serde::Serialize;

use crate::desk::DeskPage;
use crate::format::{Reader, segment};
use crate::live::Live;
use crate::text;
use crate::{assets, board, competition, delegation, home, parts, screen};

/// What a page shows.
#[derive(Clone, Copy, Debug)]
pub enum Page<'a> {
    /// `/`: the tiers, and what is live now.
    Home(&'a HomeView),
    /// `/competition/ID`
    Competition(&'a CompetitionView),
    /// `/delegation/ID/NAME`
    Delegation(&'a DelegationView),
    /// `/skill/ID`
    Board(&'a BoardView),
    /// `/screen/ID`: the same board for a hall.
    Screen(&'a BoardView),
    /// The organisers' desk.
    Desk(DeskPage<'a>),
    /// What stands where a page cannot be shown, by its HTTP status.
    Problem(u16),
}

/// For whom a page is rendered. Two readers with equal contexts get equal bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    /// The reader's language.
    pub language: Language,
    /// The reader's theme.
    pub theme: Theme,
    /// The path asked for, to which the switches of language and theme lead back.
    pub path: String,
    /// How far the clocks of the place are ahead of UTC: 480 in China.
    pub utc_offset_minutes: i32,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the reader's system has it; dark on a hall screen.
    #[default]
    Auto,
    /// Ink on paper.
    Light,
    /// Paper on ink.
    Dark,
}

impl Theme {
    /// Every theme, in the order of the switch.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    /// As cookies and addresses write it: `auto`, `light`, `dark`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Reads what [`Theme::name`] writes.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.name() == name)
    }
}

/// How a page that runs no script stays current.
const REFRESH_SECONDS: u32 = 30;

/// The page as a whole HTML document.
#[must_use]
pub fn render(page: &Page<'_>, context: &Context) -> String {
    let reader = Reader { language: context.language, utc_offset_minutes: context.utc_offset_minutes };
    // The owner frees the signals of this rendering when it goes.
    let owner = Owner::new();
    let document = owner.with(|| {
        let parts = Parts::of(page, reader);
        let head = head(page, &parts, context, reader);
        let frame = if matches!(page, Page::Screen(_)) {
            String::new()
        } else {
            site_header(context, reader).to_html()
        };
        let footer = if matches!(page, Page::Screen(_)) {
            String::new()
        } else {
            view! { <footer class="site-footer"><p>{reader.texts().footer}</p></footer> }.to_html()
        };
        let theme = match (page, context.theme) {
            (Page::Screen(_), Theme::Auto) => Theme::Dark,
            (_, theme) => theme,
        };
        let Parts { kind, topic, body, data, .. } = parts;
        let mut live = format!(" data-kind=\"{kind}\" data-offset=\"{}\"", context.utc_offset_minutes);
        if let Some(topic) = topic {
            let _ = write!(live, " data-topic=\"{}\"", escape(&topic.to_string()));
        }
        format!(
            "<!DOCTYPE html><html lang=\"{lang}\" data-theme=\"{theme}\">{head}<body class=\"page-{kind}\">{frame}\
             <main id=\"live\" tabindex=\"-1\" translate=\"no\"{live}>{body}</main>{footer}{data}</body></html>",
            lang = tag(context.language),
            theme = theme.name(),
        )
    });
    owner.cleanup();
    document
}

/// What differs from page to page.
struct Parts {
    kind: &'static str,
    title: String,
    topic: Option<Topic>,
    body: String,
    /// The view, for the browser's side to begin from.
    data: String,
}

impl Parts {
    fn of(page: &Page<'_>, reader: Reader) -> Self {
        match *page {
            Page::Home(view) => Self {
                kind: "home",
                title: String::new(),
                topic: Some(Topic::Circuit),
                body: home::home(Live::new(view.clone()), reader).to_html(),
                data: embedded(view),
            },
            Page::Competition(view) => Self {
                kind: "competition",
                title: reader.pick(&view.competition.name),
                topic: Some(Topic::Competition(view.competition.id.clone())),
                body: competition::competition(Live::new(view.clone()), reader).to_html(),
                data: embedded(view),
            },
            Page::Delegation(view) => Self {
                kind: "delegation",
                title: format!("{} – {}", view.name, reader.pick(&view.competition.name)),
                topic: Some(Topic::Delegation(view.competition.id.clone(), view.name.clone())),
                body: delegation::delegation(Live::new(view.clone()), reader).to_html(),
                data: embedded(view),
            },
            Page::Board(view) => Self {
                kind: "board",
                title: board_title(view, reader),
                topic: Some(Topic::Skill(view.skill.id.clone())),
                body: board::board(Live::new(view.clone()), reader).to_html(),
                data: embedded(view),
            },
            Page::Screen(view) => Self {
                kind: "screen",
                title: board_title(view, reader),
                topic: Some(Topic::Skill(view.skill.id.clone())),
                body: screen::screen(Live::new(view.clone()), reader).to_html(),
                data: embedded(view),
            },
            Page::Desk(desk) => Self {
                kind: "desk",
                title: desk.title(reader),
                topic: None,
                body: desk.body(reader),
                data: String::new(),
            },
            Page::Problem(status) => Self {
                kind: "problem",
                title: text::problem(status, reader.language).0.to_owned(),
                topic: None,
                body: problem(status, reader).to_html(),
                data: String::new(),
            },
        }
    }
}

fn board_title(view: &BoardView, reader: Reader) -> String {
    format!("{} – {}", reader.pick(&view.skill.name), reader.pick(&view.competition.name))
}

fn head(page: &Page<'_>, parts: &Parts, context: &Context, reader: Reader) -> String {
    let texts = reader.texts();
    let title = match parts.title.as_str() {
        "" => texts.product.to_owned(),
        title => format!("{title} – {}", texts.product),
    };
    let refresh = parts
        .topic
        .is_some()
        .then(|| format!("<noscript><meta http-equiv=\"refresh\" content=\"{REFRESH_SECONDS}\"></noscript>"));
    // A page that nothing follows needs no script.
    let boot = parts.topic.is_some().then(|| {
        let live = match (assets::SCRIPT, assets::WASM) {
            (Some(script), Some(wasm)) => format!(" data-script=\"{script}\" data-wasm=\"{wasm}\""),
            _ => String::new(),
        };
        format!("<script src=\"{}\" defer data-refresh=\"{REFRESH_SECONDS}\"{live}></script>", assets::BOOT)
    });
    let scheme = match (page, context.theme) {
        (_, Theme::Light) => "light",
        (_, Theme::Dark) | (Page::Screen(_), Theme::Auto) => "dark",
        (_, Theme::Auto) => "light dark",
    };
    format!(
        "<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title}</title><meta name=\"description\" content=\"{about}\">\
         <meta name=\"color-scheme\" content=\"{scheme}\">{refresh}\
         <link rel=\"stylesheet\" href=\"{style}\"><link rel=\"icon\" href=\"{icon}\" type=\"image/svg+xml\">{boot}</head>",
        title = escape(&title),
        about = escape(texts.tagline),
        refresh = refresh.unwrap_or_default(),
        style = assets::STYLE,
        icon = assets::ICON,
        boot = boot.unwrap_or_default(),
    )
}

fn site_header(context: &Context, reader: Reader) -> impl IntoView + use<> {
    let texts = reader.texts();
    let back = segment(&context.path);
    let switch = |name: &str, value: &str| format!("/preferences?{name}={value}&back={back}");
    // Each language is named in itself, for who cannot read the other.
    let languages = [(Language::Chinese, "zh", "中文"), (Language::English, "en", "English")];
    let languages: Vec<_> = languages
        .into_iter()
        .map(|(language, value, name)| {
            let current = (language == context.language).then_some("true");
            view! { <a href=switch("lang", value) lang=tag(language) hreflang=tag(language) aria-current=current>{name}</a> }
        })
        .collect();
    let themes: Vec<_> = Theme::ALL
        .into_iter()
        .map(|theme| {
            let current = (theme == context.theme).then_some("true");
            let (name, shape) = match theme {
                Theme::Auto => (texts.theme_auto, "M10 2a8 8 0 1 0 .01 0M10 3.6a6.4 6.4 0 0 1 0 12.8z"),
                Theme::Light => (
                    texts.theme_light,
                    "M10 6a4 4 0 1 0 .01 0M9.2 1h1.6v3H9.2zM9.2 16h1.6v3H9.2zM1 9.2h3v1.6H1zM16 9.2h3v1.6h-3z\
                     M3.1 4.2l1.1-1.1 2.1 2.1-1.1 1.1zM13.7 14.8l1.1-1.1 2.1 2.1-1.1 1.1zM3.1 15.8l2.1-2.1 1.1 1.1-2.1 2.1z\
                     M13.7 5.2l2.1-2.1 1.1 1.1-2.1 2.1z",
                ),
                Theme::Dark => (texts.theme_dark, "M8.2 2.2a8 8 0 1 0 9.6 9.6A6.4 6.4 0 0 1 8.2 2.2z"),
            };
            view! {
                <a href=switch("theme", theme.name()) aria-label=name title=name aria-current=current>
                    <svg viewBox="0 0 20 20" aria-hidden="true"><path fill-rule="evenodd" d=shape></path></svg>
                </a>
            }
        })
        .collect();
    view! {
        <a class="skip" href="#live">{texts.skip_to_content}</a>
        <header class="site">
            <a class="brand" href="/">
                <svg class="seal" viewBox="0 0 16 16" aria-hidden="true"><path d=crate::SEAL></path></svg>
                <span>"擂台"</span>" "<span lang="en">"Leitai"</span>
            </a>
            <nav class="preferences" aria-label=texts.preferences>
                <div role="group" aria-label=texts.language>{languages}</div>
                <div role="group" aria-label=texts.theme>{themes}</div>
            </nav>
        </header>
    }
}

fn problem(status: u16, reader: Reader) -> impl IntoView {
    let texts = reader.texts();
    let (what, next) = text::problem(status, reader.language);
    let home = parts::address(&Topic::Circuit);
    let again =
        (status >= 500 || status == 429).then(|| view! { <a class="quiet" href="">{texts.try_again}</a> });
    view! {
        <div class="problem-page">
            <svg class="seal" viewBox="0 0 16 16" aria-hidden="true"><path d=crate::SEAL></path></svg>
            <p class="code">{status}</p>
            <h1>{what}</h1>
            <p>{next}</p>
            <p class="acts"><a class="primary" href=home>{texts.back_home}</a>{again}</p>
        </div>
    }
}

/// The view as data in the page. `<` is escaped, so that no text in it can end the element.
fn embedded(view: &impl Serialize) -> String {
    // Views hold strings, numbers and lists only, which always become JSON.
    let json = serde_json::to_string(view).unwrap_or_default().replace('<', "\\u003c");
    format!("<script type=\"application/json\" id=\"view\">{json}</script>")
}

const fn tag(language: Language) -> &'static str {
    match language {
        Language::Chinese => "zh-CN",
        Language::English => "en",
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
