#![expect(unreachable_pub, reason = "leptos makes public types of what components take")]
//! The judge's app for a tablet's or phone's browser: sign-in by card, the sheets, and what is saved
//! where. It drives the same [`crate::Session`] as every other client, and shows [`crate::book`].

mod answer;
mod api;
mod bar;
mod browser;
mod call;
mod home;
mod key;
mod later;
mod left;
mod notes;
mod pad;
mod review;
mod seal;
mod sheet;
mod sign_in;
mod state;
mod store;
mod tablet;
mod unlock;
mod why;
mod words;
mod worker;

use domain::finding::Language;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::spawn_local;

use bar::{Bar, Notices, Preferences};
use browser::{document, remember, remembered, window};
use state::{Stage, Ui, View};

use crate::book::Spot;

const LANGUAGE: &str = "lang";
/// How what a label's QR code puts behind the `#` begins.
const OPEN: &str = "open=";

/// Starts the app in the page's `main`.
pub fn start() {
    std::panic::set_hook(Box::new(|panic| fail(&panic.to_string())));
    let Some(place) = document().and_then(|document| document.get_element_by_id("judge")) else { return };
    let Ok(place) = place.dyn_into::<web_sys::HtmlElement>() else { return };
    place.set_text_content(None);
    let (language, (card, label)) = (language(), brought());
    let mounted = leptos::mount::mount_to(place, move || {
        let ui = Ui::new(language, card, label);
        worker::register(ui);
        watch_address(ui);
        ui.watch_notes();
        spawn_local(async move { ui.open().await });
        view! { <App ui /> }
    });
    mounted.forget();
}

/// Says that the program stopped. What was entered is stored; nothing of it is lost.
fn fail(problem: &str) {
    web_sys::console::error_1(&problem.into());
    let Some(document) = document() else { return };
    if let Some(root) = document.document_element() {
        let _ = root.class_list().add_1("has-failed");
    }
}

/// What of [`View`] is built anew when it changes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Page {
    Home,
    Sheet,
    Review(Spot),
}

#[component]
fn App(ui: Ui) -> impl IntoView {
    Effect::new(move |_| {
        let tag = match ui.language.get() {
            Language::Chinese => "zh-CN",
            Language::English => "en",
        };
        if let Some(root) = document().and_then(|document| document.document_element()) {
            let _ = root.set_attribute("lang", tag);
        }
        remember(LANGUAGE, tag);
    });
    // A step on a sheet is followed by the sheet, which stays the same one.
    let page = Memo::new(move |_| match ui.view.get() {
        View::Home => Page::Home,
        View::Sheet(_) | View::Walk(_) => Page::Sheet,
        View::Review(spot) => Page::Review(spot),
    });
    let stage = move || {
        match ui.stage.get() {
        Stage::Opening => view! { <p class="stage" role="status">{ui.say("正在打开……", "Opening …")}</p> }.into_any(),
        Stage::SignIn => view! { <sign_in::SignIn ui /> }.into_any(),
        Stage::Locked => view! { <unlock::Unlock ui /> }.into_any(),
        Stage::OtherTab => view! {
            <main class="stage">
                <h1>{ui.say("已在另一个标签页评分", "Marking goes on in another tab")}</h1>
                <p>{ui.say(
                    "同一台设备同时只在一个标签页里评分：最后打开的那个。",
                    "One device marks in one tab at a time: the one that was opened last.",
                )}</p>
                <p class="acts"><button class="primary" on:click=move |_| begin(ui)>{ui.say("回到这里评分", "Mark here again")}</button></p>
            </main>
        }.into_any(),
        Stage::Unreadable => view! {
            <main class="stage">
                <h1>{ui.say("读不出本机保存的记录", "What this device has stored cannot be read")}</h1>
                <p>{ui.say(
                    "记录还在本机。请重新读取；仍不行时重启设备，不要清除浏览器数据。",
                    "It is still on this device. Read it again; if that does not help, restart the device. Do not clear the browser's data.",
                )}</p>
                <p class="acts"><button class="primary" on:click=move |_| begin(ui)>{ui.say("重新读取", "Read again")}</button></p>
            </main>
        }.into_any(),
        Stage::Waiting => stage_page(
            ui.say("已登录，等待开赛", "Signed in; the skill is not open yet"),
            ui.say(
                "组委会开放赛项后，评分表会自动出现。也可能是网络还没有连上；请看下方的连接状态。",
                "The sheets appear by themselves once the organisers open the skill. Or the network is not there yet; see the connection below.",
            ),
        ),
        Stage::Broken => stage_page(
            ui.say("本机保存的记录不完整", "What this device has stored is not whole"),
            ui.say(
                "请不要清除浏览器数据；请把这台设备交给裁判长。服务器已收到的评分不受影响。",
                "Do not clear the browser's data; give this device to the chief judge. What the server has received is safe.",
            ),
        ),
        Stage::Marking => match page.get() {
            Page::Home => view! { <home::Home ui /> }.into_any(),
            Page::Sheet => view! { <sheet::SheetView ui /> }.into_any(),
            Page::Review(spot) => view! { <review::Review ui spot /> }.into_any(),
        },
    }
    };
    view! {
        <Preferences ui />
        <Notices ui />
        {stage}
        <Bar ui />
    }
}

fn stage_page(title: &'static str, text: &'static str) -> AnyView {
    view! { <main class="stage"><h1>{title}</h1><p>{text}</p></main> }.into_any()
}

/// The language chosen here before, else the page's.
fn language() -> Language {
    let page = || document()?.document_element()?.get_attribute("lang");
    let tag = remembered(LANGUAGE).or_else(page).unwrap_or_default();
    if tag.starts_with("en") { Language::English } else { Language::Chinese }
}

/// A card that is scanned into this very tab begins anew with it; a label opens its sheet.
fn watch_address(ui: Ui) {
    let Some(window) = window() else { return };
    browser::listen(&window, "hashchange", move |_| {
        let (card, label) = brought();
        ui.label.set(label);
        if card.is_some() && card != ui.card.get_untracked() {
            ui.card.set(card);
            begin(ui);
        } else {
            ui.open_label();
        }
    });
}

fn begin(ui: Ui) {
    spawn_local(async move { ui.begin().await });
}

/// The code of a card that nobody has signed in by yet, and that of a label whose sheet was not opened yet:
/// behind the address's `#`, where a QR code puts one of them and which then no longer shows it, or kept
/// over a reload. A label's begins with [`OPEN`], which no card's code does.
fn brought() -> (Option<String>, Option<String>) {
    let hash = window().and_then(|window| window.location().hash().ok()).unwrap_or_default();
    if let Some(text) = hash.strip_prefix('#') {
        match text.strip_prefix(OPEN) {
            Some(code) => {
                let read = js_sys::decode_uri_component(code).map(String::from);
                browser::note(state::LABEL, read.as_deref().unwrap_or(code));
            }
            None => browser::note(state::CARD, text),
        }
        if let Some((history, path)) =
            window().and_then(|window| Some((window.history().ok()?, window.location().pathname().ok()?)))
        {
            let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&path));
        }
    }
    (browser::noted(state::CARD), browser::noted(state::LABEL))
}
