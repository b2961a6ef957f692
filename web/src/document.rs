//! The whole HTML document of a page.

use domain::finding::Language;
use protocol::draw::Published;
use protocol::rules::RulesPage;
use protocol::view::{BoardView, CompetitionView, DelegationView, HomeView, Topic};
use serde::Serialize;

use crate::assets;
use crate::chief::ChiefPage;
use crate::countersign::{self, CountersignPage};
use crate::desk::{DeskPage, JoinPage, RenewPage};
use crate::draw;
use crate::drill::DrillPage;
use crate::format::{Reader, segment};
use crate::frame_text::{frame_texts, problem as problem_text};
use crate::labels::{self, LabelsPage};
use crate::live::{Local, Shown};
use crate::node::{Content as _, Element, Node, el, escape, write_html};
use crate::parts::{icon, seal};
use crate::ready;
use crate::trust::TrustPage;

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
    /// `/join`: where the link of an invitation leads.
    Join(JoinPage<'a>),
    /// `/password`: where the link to a new password leads.
    Renew(RenewPage<'a>),
    /// `/chief`: the chief judge's view.
    Chief(ChiefPage<'a>),
    /// `/countersign`: where a competitor signs a sheet.
    Countersign(CountersignPage<'a>),
    /// `/drill`: drills on the job, for their foreman's phone.
    Drill(DrillPage<'a>),
    /// Labels of a skill's competitors, to be printed.
    Labels(LabelsPage<'a>),
    /// `/trust`: how a device comes to trust the server.
    Trust(TrustPage<'a>),
    /// `/ready`: whether a device is ready to mark.
    Ready,
    /// `/competition/ID/draw`: what was published of its draws, for anybody to repeat.
    Draw(&'a Published),
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

/// How often a page that runs no script is loaded again.
const REFRESH_SECONDS: u32 = 30;
/// How often a page of forms is, while none of them is in use.
const FORMS_REFRESH_SECONDS: u32 = 15;

/// How a page comes to know what changed.
#[derive(Clone, PartialEq, Eq)]
enum Renewal {
    /// Not by itself.
    Asked,
    /// Not by itself; a script helps with what is typed.
    Script(&'static str),
    /// Not by itself; a script of its own works on it, in a style besides the pages' own.
    Tool { script: &'static str, style: &'static str },
    /// It follows its topic; without a script it is loaded again.
    Live,
    /// A script loads it again while no form is in use; without one, nothing does, since that would take
    /// away what is typed.
    Forms {
        /// Its address without what was said of the last act, which is said once.
        at: String,
    },
    /// Not at all: it gets a device ready, or is to be read or printed, in a style of its own.
    Device {
        /// What tests the device, or the draw.
        script: Option<&'static str>,
    },
}

/// The page as a whole HTML document.
#[must_use]
pub fn render(page: &Page<'_>, context: &Context) -> String {
    let reader = Reader { language: context.language, utc_offset_minutes: context.utc_offset_minutes };
    let parts = Parts::of(page, reader);
    let is_screen = matches!(page, Page::Screen(_));
    let theme = match context.theme {
        Theme::Auto if is_screen => Theme::Dark,
        theme => theme,
    };
    let main = el("main")
        .set("id", "live")
        .set("tabindex", "-1")
        // A translation by the browser would be overwritten by the next change.
        .set("translate", "no")
        .set("data-kind", parts.kind)
        .set("data-offset", context.utc_offset_minutes.to_string())
        .set_some("data-topic", parts.topic.as_ref().map(ToString::to_string))
        .fill(parts.body);
    let mut body = Vec::new();
    if is_screen {
        main.add_to(&mut body);
    } else {
        let texts = frame_texts(context.language);
        el("a").class("skip").set("href", "#live").add(texts.skip_to_content).add_to(&mut body);
        site_header(context).add_to(&mut body);
        main.add_to(&mut body);
        el("footer").class("site-footer").add(el("p").add(texts.footer)).add_to(&mut body);
    }
    let mut html =
        format!("<!DOCTYPE html><html lang=\"{}\" data-theme=\"{}\">", tag(context.language), theme.name());
    write_head(&parts.title, parts.renewal, theme, reader, &mut html);
    html.push_str("<body class=\"page-");
    html.push_str(parts.kind);
    html.push_str("\">");
    write_html(&body, &mut html);
    html.push_str(&parts.embedded);
    html.push_str("</body></html>");
    html
}

/// What rules do to the example, to be put into the page on which they are edited.
#[must_use]
pub fn rules_preview(page: &RulesPage, context: &Context) -> String {
    let reader = Reader { language: context.language, utc_offset_minutes: context.utc_offset_minutes };
    crate::desk::preview_html(page, reader)
}

/// What differs from page to page.
struct Parts {
    kind: &'static str,
    title: String,
    topic: Option<Topic>,
    renewal: Renewal,
    body: Vec<Node>,
    /// The view, for the browser's side to begin from.
    embedded: String,
}

impl Parts {
    fn of(page: &Page<'_>, reader: Reader) -> Self {
        let live = |kind, title, topic, shown: &Shown, embedded| {
            let body = shown.body(&Local::default(), reader);
            Self { kind, title, topic: Some(topic), renewal: Renewal::Live, body, embedded }
        };
        match *page {
            Page::Home(view) => {
                live("home", String::new(), Topic::Circuit, &Shown::Home(view.clone()), embedded(view))
            }
            Page::Competition(view) => live(
                "competition",
                reader.pick(&view.competition.name),
                Topic::Competition(view.competition.id.clone()),
                &Shown::Competition(view.clone()),
                embedded(view),
            ),
            Page::Delegation(view) => live(
                "delegation",
                format!("{} – {}", view.name, reader.pick(&view.competition.name)),
                Topic::Delegation(view.competition.id.clone(), view.name.clone()),
                &Shown::Delegation(view.clone()),
                embedded(view),
            ),
            Page::Board(view) => {
                let topic = Topic::Skill(view.skill.id.clone());
                live("board", board_title(view, reader), topic, &Shown::Board(view.clone()), embedded(view))
            }
            Page::Screen(view) => {
                let topic = Topic::Skill(view.skill.id.clone());
                live("screen", board_title(view, reader), topic, &Shown::Screen(view.clone()), embedded(view))
            }
            Page::Desk(desk) => Self {
                kind: "desk",
                title: desk.title(reader),
                topic: None,
                renewal: match desk {
                    DeskPage::Rules { .. } => {
                        Renewal::Tool { script: assets::RULES, style: assets::RULES_STYLE }
                    }
                    DeskPage::Roster { .. } | DeskPage::DryRun { .. } => {
                        Renewal::Tool { script: assets::LIST, style: assets::LIST_STYLE }
                    }
                    DeskPage::Scheme { .. } | DeskPage::SchemeVersions { .. } => {
                        Renewal::Tool { script: assets::SCHEME, style: assets::SCHEME_STYLE }
                    }
                    DeskPage::CheckIn { .. } | DeskPage::Arrival { .. } | DeskPage::EntryCards { .. } => {
                        Renewal::Device { script: None }
                    }
                    _ => Renewal::Asked,
                },
                body: desk.body(reader),
                embedded: desk.data(reader).map(|data| embedded(&data)).unwrap_or_default(),
            },
            Page::Join(join) => Self {
                kind: "desk",
                title: JoinPage::title(reader).to_owned(),
                topic: None,
                renewal: Renewal::Script(assets::JOIN),
                body: vec![Node::Element(join.body(reader))],
                embedded: String::new(),
            },
            Page::Renew(renew) => Self {
                kind: "desk",
                title: RenewPage::title(reader).to_owned(),
                topic: None,
                renewal: Renewal::Script(assets::JOIN),
                body: vec![Node::Element(renew.body(reader))],
                embedded: String::new(),
            },
            Page::Drill(drill) => Self {
                kind: "desk drill",
                title: drill.title(reader),
                topic: None,
                renewal: Renewal::Asked,
                body: drill.body(reader),
                embedded: String::new(),
            },
            Page::Chief(chief) => Self {
                // It is a page of the desk's style, with parts of its own.
                kind: "desk chief",
                title: chief.title(reader),
                topic: None,
                renewal: chief.renewed_at().map_or(Renewal::Asked, |at| Renewal::Forms { at }),
                body: chief.body(reader),
                embedded: String::new(),
            },
            Page::Countersign(page) => {
                Self::device(countersign::title(reader), Some(assets::JUDGE_PAD), page.body(reader))
            }
            Page::Labels(labels) => Self::device(labels::title(reader), None, labels.body(reader)),
            Page::Trust(trust) => Self::device(TrustPage::title(reader), None, trust.body(reader)),
            Page::Ready => Self::device(ready::title(reader), Some(assets::READY), ready::body(reader)),
            Page::Draw(published) => Self {
                embedded: embedded(published),
                ..Self::device(
                    draw::title(published, reader),
                    Some(assets::DRAW),
                    draw::body(published, reader),
                )
            },
            Page::Problem(status) => Self {
                kind: "problem",
                title: problem_text(status, reader.language).0.to_owned(),
                topic: None,
                renewal: Renewal::Asked,
                body: vec![Node::Element(problem(status, reader))],
                embedded: String::new(),
            },
        }
    }
}

impl Parts {
    fn device(title: impl Into<String>, script: Option<&'static str>, body: Vec<Element>) -> Self {
        Self {
            kind: "device",
            title: title.into(),
            topic: None,
            renewal: Renewal::Device { script },
            body: body.into_iter().map(Node::Element).collect(),
            embedded: String::new(),
        }
    }
}

fn board_title(view: &BoardView, reader: Reader) -> String {
    format!("{} – {}", reader.pick(&view.skill.name), reader.pick(&view.competition.name))
}

fn write_head(title: &str, renewal: Renewal, theme: Theme, reader: Reader, html: &mut String) {
    let texts = reader.texts();
    let scheme = match theme {
        Theme::Auto => "light dark",
        theme => theme.name(),
    };
    html.push_str(
        "<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>",
    );
    if !title.is_empty() {
        escape(title, html);
        html.push_str(" – ");
    }
    html.push_str(texts.product);
    *html += &format!(
        "</title><meta name=\"description\" content=\"{}\"><meta name=\"color-scheme\" content=\"{scheme}\">\
         <link rel=\"stylesheet\" href=\"{}\"><link rel=\"icon\" href=\"{}\" type=\"image/svg+xml\">",
        texts.tagline,
        assets::STYLE,
        assets::ICON,
    );
    // A page that nothing follows needs no script, and does not change.
    let boot = assets::BOOT;
    match renewal {
        Renewal::Asked => {}
        Renewal::Live => {
            let live = match (assets::SCRIPT, assets::WASM) {
                (Some(script), Some(wasm)) => format!(" data-script=\"{script}\" data-wasm=\"{wasm}\""),
                _ => String::new(),
            };
            *html += &format!(
                "<noscript><meta http-equiv=\"refresh\" content=\"{REFRESH_SECONDS}\"></noscript>\
                 <script src=\"{boot}\" defer data-refresh=\"{REFRESH_SECONDS}\"{live}></script>",
            );
        }
        Renewal::Forms { at } => {
            *html += &format!(
                "<script src=\"{boot}\" defer data-refresh=\"{FORMS_REFRESH_SECONDS}\" data-at=\"{at}\"></script>"
            );
        }
        Renewal::Tool { script, style } => {
            *html += &format!(
                "<link rel=\"stylesheet\" href=\"{style}\"><script src=\"{script}\" defer></script>"
            );
        }
        Renewal::Script(script) => *html += &format!("<script src=\"{script}\" defer></script>"),
        Renewal::Device { script } => {
            *html += &format!("<link rel=\"stylesheet\" href=\"{}\">", assets::DEVICE_STYLE);
            if let Some(script) = script {
                *html += &format!("<script src=\"{script}\" defer></script>");
            }
        }
    }
    html.push_str("</head>");
}

fn site_header(context: &Context) -> Element {
    let texts = frame_texts(context.language);
    let back = segment(&context.path);
    let switch = |name: &str, value: &str, is_current: bool| {
        el("a")
            .set("href", format!("/preferences?{name}={value}&back={back}"))
            .set_some("aria-current", is_current.then_some("true"))
    };
    // Each language is named in itself, for who cannot read the other.
    let languages = [(Language::Chinese, "zh", "中文"), (Language::English, "en", "English")];
    let languages = languages.map(|(language, value, name)| {
        switch("lang", value, language == context.language).set("lang", tag(language)).add(name)
    });
    let themes = Theme::ALL.map(|theme| {
        let (name, shape) = match theme {
            Theme::Auto => (texts.theme_auto, "M10 2a8 8 0 1 0 .01 0M10 3.6a6.4 6.4 0 0 1 0 12.8z"),
            Theme::Light => (
                texts.theme_light,
                "M10 6a4 4 0 1 0 .01 0M9.2 1h1.6v3H9.2zM9.2 16h1.6v3H9.2zM1 9.2h3v1.6H1zM16 9.2h3v1.6h-3z\
                 M3.1 4.2l1.1-1.1 2.1 2.1-1.1 1.1zM13.7 14.8l1.1-1.1 2.1 2.1-1.1 1.1z\
                 M3.1 15.8l2.1-2.1 1.1 1.1-2.1 2.1zM13.7 5.2l2.1-2.1 1.1 1.1-2.1 2.1z",
            ),
            Theme::Dark => (texts.theme_dark, "M8.2 2.2a8 8 0 1 0 9.6 9.6A6.4 6.4 0 0 1 8.2 2.2z"),
        };
        switch("theme", theme.name(), theme == context.theme)
            .set("aria-label", name)
            .set("title", name)
            .add(icon("0 0 20 20", shape))
    });
    let group = |name: &'static str| el("div").set("role", "group").set("aria-label", name);
    let brand = el("a")
        .class("brand")
        .set("href", "/")
        .add(seal())
        .add(el("span").set("lang", "zh-CN").add("擂台"))
        .add(el("span").class("latin").set("lang", "en").add("Leitai"));
    let preferences = el("nav")
        .class("preferences")
        .set("aria-label", texts.preferences)
        .add(group(texts.language).add(languages.to_vec()))
        .add(group(texts.theme).add(themes.to_vec()));
    el("header").class("site").add(brand).add(preferences)
}

fn problem(status: u16, reader: Reader) -> Element {
    let texts = frame_texts(reader.language);
    let (what, next) = problem_text(status, reader.language);
    // Going where one is asks again, without a script.
    let again = (status >= 500 || status == 429).then(|| el("a").set("href", "").add(texts.try_again));
    let home = el("a").class("primary").set("href", "/").add(texts.back_home);
    el("div")
        .class("problem-page")
        .add(seal())
        .add(el("p").class("code").add(status.to_string()))
        .add(el("h1").add(what))
        .add(el("p").add(next))
        .add(el("p").class("acts").add(home).add(again))
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
