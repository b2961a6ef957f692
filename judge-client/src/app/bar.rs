//! What is always there: how things are saved, what was said last, and how the screen is set.

use domain::finding::Language;
use domain::ledger::Status;
use leptos::prelude::*;

use wasm_bindgen_futures::spawn_local;

use super::api;
use super::browser::{Timer, document, is_online, property, remember, remembered, window};
use super::call::Asked;
use super::left::{Left, LeftMark};
use super::notes::waiting;
use super::state::{Notice, Stage, Ui, View};
use super::words;
use crate::book::{Book, Reach};
use crate::{Connection, Standing};

/// How long a link is down before it is said: a flicker is not.
const DOWN_AFTER_MS: u64 = 2_500;

/// How the connection is, as far as it is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Link {
    Connecting,
    Live,
    Down,
}

#[component]
pub(super) fn Bar(ui: Ui) -> impl IntoView {
    let link = RwSignal::new(Link::Connecting);
    let timer = StoredValue::new_local(None::<Timer>);
    Effect::new(move |_| {
        let is_live = ui.link.get() == Connection::Live;
        if is_live {
            timer.set_value(None);
            link.set(Link::Live);
        } else if timer.with_value(Option::is_none) {
            let down = Timer::after(DOWN_AFTER_MS, move || link.set(Link::Down));
            timer.set_value(down);
        }
    });
    let is_home = move || ui.view.get() == View::Home;
    let asides = Memo::new(move |_| ui.book.with(|book| book.as_ref().map(Book::asides).unwrap_or_default()));
    let not_saved = Memo::new(move |_| ui.book.with(|book| book.as_ref().map_or(0, Book::not_saved)));
    let words = move || {
        let (unsent, lost) = (ui.unsent.get(), not_saved.get());
        let stored = unsent.saturating_sub(ui.saving.get());
        let language = ui.language.get();
        if lost > 0 {
            return match language {
                Language::Chinese => format!("⚠ {lost} 项没有存下，请重新录入"),
                Language::English => format!("⚠ {lost} not saved: enter again"),
            };
        }
        if ui.is_store_slow.get() {
            return match language {
                Language::Chinese => format!("⚠ {} 项还没存下：本机存储没有反应", ui.saving.get()),
                Language::English => {
                    format!("⚠ {} not stored: the device's storage does not answer", ui.saving.get())
                }
            };
        }
        if unsent > 0 && ui.is_held_up.get() {
            return match language {
                Language::Chinese => format!("⚠ {unsent} 项发不出去，请找裁判长"),
                Language::English => format!("⚠ {unsent} cannot be sent: ask the chief judge"),
            };
        }
        let where_kept = match (language, ui.is_lasting.get()) {
            (Language::Chinese, true) => "存在本机",
            (Language::Chinese, false) => "只在本页",
            (Language::English, true) => "saved on this device",
            (Language::English, false) => "on this page only",
        };
        match (link.get(), unsent) {
            (Link::Live, 0) if ui.is_sealed.get() => {
                ui.say("● 已连接 · 全部评分已封存", "● Connected · every mark is sealed").to_owned()
            }
            (Link::Live, 0) => ui
                .say("● 已连接 · 全部评分服务器已收到", "● Connected · the server has every mark")
                .to_owned(),
            (_, 1..) if stored == 0 => ui.say("… 正在保存", "… Saving").to_owned(),
            (Link::Live, unsent) => match language {
                Language::Chinese => format!("● 已连接 · {unsent} 项正在上传"),
                Language::English => format!("● Connected · {unsent} on their way"),
            },
            (Link::Connecting, 0) => ui.say("○ 正在连接", "○ Connecting").to_owned(),
            (Link::Connecting, _) => match language {
                Language::Chinese => format!("○ 正在连接 · {stored} 项{where_kept}"),
                Language::English => format!("○ Connecting · {stored} {where_kept}"),
            },
            (Link::Down, _) => {
                let told = ui.told_at.get().map(clock);
                let (kept, told) = match language {
                    Language::Chinese => (
                        format!("○ 离线 · {stored} 项{where_kept} · 可以继续评分"),
                        told.map(|at| format!(" · 评分表更新于 {at}")),
                    ),
                    Language::English => (
                        format!("○ Offline · {stored} {where_kept} · go on marking"),
                        told.map(|at| format!(" · sheets as of {at}")),
                    ),
                };
                format!("{kept}{}", told.unwrap_or_default())
            }
        }
    };
    let is_doubtful =
        move || not_saved.get() > 0 || ui.is_store_slow.get() || (ui.unsent.get() > 0 && ui.is_held_up.get());
    // What does not count is told wherever the judge is, and leads there.
    let warned = move || {
        let spots = asides.get();
        let first = *spots.first()?;
        let next = move || {
            let here = match ui.view.get_untracked() {
                View::Sheet(spot) | View::Walk(spot) => Some(spot),
                View::Home | View::Review(_) => None,
            };
            let spots = asides.get_untracked();
            let after = spots.iter().position(|spot| Some(*spot) == here).map_or(0, |at| at + 1);
            spots.get(after % spots.len().max(1)).copied().unwrap_or(first)
        };
        let unit = ui.say(" 项没有计入", " not counted");
        Some(view! {
            <button class="doubtful" on:click=move |_| ui.view.set(View::Sheet(next()))>
                "⚠ " {spots.len()} <span class="long">{unit}</span>
            </button>
        })
    };
    let asked = move || ui.question().map(|said| note(ui, said));
    let class = move || match link.get() {
        Link::Live => "bar live",
        Link::Connecting => "bar",
        Link::Down => "bar down",
    };
    view! {
        <footer class=class hidden=move || !matches!(ui.stage.get(), Stage::Waiting | Stage::Marking)>
            <button class="quiet back" hidden=is_home on:click=move |_| ui.view.set(View::Home)>
                "‹"
                <span class="long">" " {move || ui.say("全部评分表", "All sheets")}</span>
            </button>
            <p class="sync" class:doubt=is_doubtful role="status" hidden=move || ui.undo.get().is_some()>{words} {move || waiting(ui)}</p>
            <Undo ui link />
            {asked}
            {warned}
            <button
                class="quiet"
                hidden=move || link.get() != Link::Down
                on:click=move |_| ui.hurry()
            >
                {move || ui.say("立即重连", "Reconnect now")}
            </button>
        </footer>
    }
}

/// What went wrong and what has to be known.
#[component]
pub(super) fn Notices(ui: Ui) -> impl IntoView {
    let alarms = move || {
        let language = ui.language.get();
        ui.alarms
            .get()
            .iter()
            .map(|alarm| view! { <p class="alarm">"⚠ " {alarm.say(language)}</p> })
            .collect::<Vec<_>>()
    };
    let signed_out = move || {
        ui.is_signed_out.get().then(|| {
            view! {
                <p class="alarm">
                    "⚠ "
                    {ui.say(
                        "这台设备的登录已失效。已保存的评分都在本机；可以继续评分。请向裁判长要一张新的登录卡，用相机扫描后再登录。",
                        "This device is signed out. What was saved is on this device; you can go on marking. Ask the chief judge for a new card and scan it with the camera.",
                    )}
                </p>
            }
        })
    };
    let lasting = move || {
        (!ui.is_lasting.get() && ui.stage.get() == Stage::Marking).then(|| {
            view! {
                <p class="warning">
                    "⚠ "
                    {ui.say(
                        "这个浏览器不保存数据（可能是无痕模式）：在下方显示“服务器已收到”之前，请不要关闭本页。",
                        "This browser keeps nothing (a private window?): do not close this page before the server has every mark.",
                    )}
                </p>
            }
        })
    };
    let left = move || {
        let is_told = ui.stage.get() == Stage::Marking;
        let all = if is_told { ui.left.get() } else { Vec::new() };
        all.into_iter().map(|left| view! { <LeftNotice ui left /> }).collect::<Vec<_>>()
    };
    let outdated = move || {
        ui.is_outdated.get().then(|| {
            view! {
                <p class="warning">
                    "⚠ "
                    {ui.say(
                        "服务器的版本比平板新：请在评完这张后重新载入本页。",
                        "The server is newer than this program: load this page again after this sheet.",
                    )}
                </p>
            }
        })
    };
    let also = move || {
        let also = ui.book.with(|book| book.as_ref().map(|book| book.sheets().also.clone()));
        also.filter(|also| !also.is_empty()).map(|also| view! { <p class="warning">"⚠ " {also}</p> })
    };
    let trouble = move || ui.trouble.get().map(|text| view! { <p class="warning">"⚠ " {text}</p> });
    let notice = move || ui.notice.get().map(|said| note(ui, said));
    view! {
        <div class="notices" role="alert" hidden=move || ui.stage.get() == Stage::Locked>{alarms} {signed_out} {lasting} {left} {outdated} {also} {trouble} {notice}</div>
    }
}

/// Something said until it is put away; or asked until it is answered, which lies over the head of the
/// page, so that nothing that is tapped for marking moves or is covered; or told in the bar.
fn note(ui: Ui, Notice { text, asks }: Notice) -> AnyView {
    let (class, mark) = if asks.is_some() { ("asks", "") } else { ("warning", "⚠ ") };
    let Asked { to, stay, goes, stays, since_ms } = asks.unwrap_or_else(|| Asked {
        to: None,
        stay: None,
        goes: String::new(),
        stays: ui.say("知道了", "OK").to_owned(),
        since_ms: 0,
    });
    view! {
        <p class=class role=(class == "asks").then_some("alert")>
            {mark} {text} " "
            <button class="primary" on:click=move |_| ui.answer(to, since_ms)>{goes}</button>
            <button class="quiet" on:click=move |_| if class == "asks" { ui.answer(stay, since_ms) } else { ui.notice.set(None) }>
                {stays}
            </button>
        </p>
    }
    .into_any()
}

/// What an earlier sign-in left on this device. Another judge's values are nobody's to read.
#[component]
fn LeftNotice(ui: Ui, left: Left) -> impl IntoView {
    let is_sure = RwSignal::new(false);
    let dismissed = left.clone();
    let dismiss = move |_| {
        if !ui.is_fresh_tap() {
            return;
        }
        if is_sure.get_untracked() {
            ui.dismiss_left(&dismissed);
        } else {
            is_sure.set(true);
        }
    };
    let words = {
        let left = left.clone();
        move || told(ui, &left)
    };
    let again = (!left.marks.is_empty()).then(|| {
        view! {
            <button class="primary" on:click=move |_| if ui.is_fresh_tap() { ui.enter_left(&left) }>
                {move || ui.say("全部补录", "Enter them again")}
            </button>
        }
    });
    let is_own = again.is_some();
    let no_longer = move || match (is_sure.get(), is_own) {
        (true, _) => ui.say("确定不再提示？", "Sure? It is not told again"),
        (false, true) => ui.say("不用了", "Not needed"),
        (false, false) => ui.say("知道了", "OK"),
    };
    view! {
        <p class="warning left">
            "⚠ " {words} " " {again} " " <button class="quiet" on:click=dismiss>{no_longer}</button>
        </p>
    }
}

fn told(ui: Ui, left: &Left) -> String {
    let language = ui.language.get();
    if left.marks.is_empty() {
        let judge = left.judge.as_ref().map_or_else(|| "?".to_owned(), ToString::to_string);
        return match language {
            Language::Chinese => format!(
                "这台设备上还有裁判 {judge} 的 {} 项录入没有发送，内容保留在本机。请告知裁判长，由该裁判补录。",
                left.count
            ),
            Language::English => format!(
                "{} entries of judge {judge} on this device were never sent; they are kept here. Tell the chief judge, so that the judge enters them again.",
                left.count
            ),
        };
    }
    let lines = ui.book.with(|book| {
        let said = |mark: &LeftMark| {
            let aspect = book.as_ref().and_then(|book| book.aspect(book.spot(&mark.cell)?));
            let value =
                aspect.map_or_else(|| "–".to_owned(), |aspect| words::value(aspect, &mark.value, language));
            format!("{} · {} = {value}", mark.cell.competitor, mark.cell.aspect)
        };
        left.marks.iter().map(said).collect::<Vec<_>>()
    });
    let head =
        ui.say("您上次登录有这些评分没有发送：", "These marks of your sign-in before were never sent: ");
    format!("{head}{}", lines.join(words::pick(language, "；", "; ")))
}

/// What was entered last, and how to take it back. It takes the place of how things are saved, so
/// that it never lies over what is tapped next.
#[component]
fn Undo(ui: Ui, link: RwSignal<Link>) -> impl IntoView {
    let undo = move || {
        let undo = ui.undo.get()?;
        let language = ui.language.get();
        let said = ui.book.with_untracked(|book| {
            let book = book.as_ref()?;
            let aspect = book.aspect(undo.spot)?;
            let code = &book.sheets().competitors.get(undo.spot.row)?.code;
            let value = words::value(aspect, &undo.value, language);
            Some(match language {
                Language::Chinese => format!("{code} · {}：已记 {value}", aspect.id),
                Language::English => format!("{code} · {}: {value} entered", aspect.id),
            })
        })?;
        // How far this one has come, and what else is not sent where there is no link.
        let shape = move || {
            ui.book.with(|book| match book.as_ref().and_then(|book| book.standing(undo.id)) {
                None | Some(Standing::NotSaved) => words::reach_shape(Reach::Saving),
                Some(Standing::Saved) => words::reach_shape(Reach::Saved),
                Some(Standing::Received(confirmed) | Standing::Sealed(confirmed))
                    if confirmed.status != Status::Accepted =>
                {
                    "⚠"
                }
                Some(Standing::Received(_)) => words::reach_shape(Reach::Received),
                Some(Standing::Sealed(_)) => words::reach_shape(Reach::Sealed),
            })
        };
        let rest = move || {
            let unsent = ui.unsent.get();
            (link.get() == Link::Down && unsent > 0).then(|| match ui.language.get() {
                Language::Chinese => format!("（离线，{unsent} 项待发）"),
                Language::English => format!(" (offline, {unsent} to be sent)"),
            })
        };
        Some(view! {
            <p class="undo">
                <span role="status">{shape} " " {said} {rest}</span>
                <button on:click=move |_| ui.take_back()>{ui.say("撤销", "Undo")}</button>
            </p>
        })
    };
    view! { {undo} }
}

/// A choice of how the screen looks, kept in the browser and told to the style by an attribute of
/// the page.
struct Setting {
    name: &'static str,
    values: &'static [(&'static str, &'static str, &'static str)],
}

const SIZE: Setting = Setting {
    name: "size",
    values: &[("normal", "标准", "Normal"), ("large", "大", "Large"), ("huge", "特大", "Huge")],
};
const HAND: Setting = Setting {
    name: "hand",
    values: &[("both", "双手", "Both"), ("left", "左手", "Left"), ("right", "右手", "Right")],
};
const THEME: Setting = Setting {
    name: "theme",
    values: &[
        ("auto", "随系统", "As the system"),
        ("light", "浅色", "Light"),
        ("dark", "深色", "Dark"),
        ("sun", "强光", "Sunlight"),
    ],
};

#[component]
pub(super) fn Preferences(ui: Ui) -> impl IntoView {
    let languages = [(Language::Chinese, "zh-CN", "中文"), (Language::English, "en", "English")];
    let languages = languages.map(|(language, tag, name)| {
        view! {
            <button lang=tag aria-pressed=move || pressed(ui.language.get() == language) on:click=move |_| ui.language.set(language)>
                {name}
            </button>
        }
    });
    let has_unsent = move || ui.unsent.get() > 0 || !ui.left.get().is_empty();
    let export = move || {
        has_unsent().then(|| {
            view! {
                <button on:click=move |_| spawn_local(async move { ui.export().await })>
                    {ui.say("⤓ 导出没有上传的评分", "⤓ Export what is not sent")}
                </button>
            }
        })
    };
    // Asked once more, with what would stay here.
    let is_leaving = RwSignal::new(false);
    let sign_out = move |_| {
        if ui.is_fresh_tap() && is_leaving.get_untracked() {
            is_leaving.set(false);
            spawn_local(ui.sign_out());
        } else if ui.is_fresh_tap() {
            is_leaving.set(true);
        }
    };
    let leaving = move || {
        let unsent = ui.unsent.get() + usize::try_from(ui.notes.get().0).unwrap_or_default();
        match (is_leaving.get(), unsent, ui.language.get()) {
            (false, ..) => ui.say("退出登录", "Sign out").to_owned(),
            (true, 0, _) => {
                ui.say("确定退出？再登录要用新的登录卡", "Sure? To come back takes a new card").to_owned()
            }
            (true, _, Language::Chinese) => {
                format!("{unsent} 项还没有上传，退出后留在本机，要您用新的登录卡登录才能补录。仍要退出？")
            }
            (true, _, Language::English) => format!(
                "{unsent} not uploaded: they stay on this device until you sign in here by a new card. Sign out all the same?"
            ),
        }
    };
    // Looked for each time somebody opens this: the server may have begun to speak HTTPS since.
    let has_certificate = RwSignal::new(false);
    let look = move |_| {
        is_leaving.set(false);
        if !is_secure() {
            spawn_local(async move { has_certificate.set(api::gives_certificate(ui.tag()).await) });
        }
    };
    view! {
        <header class="site">
            <button class="brand" on:click=move |_| ui.view.set(View::Home)>
                <span lang="zh-CN" class="seal" aria-hidden="true">"擂"</span>
                <span class="latin" lang="en">"Leitai"</span>
                <span class="hidden">{move || ui.say("全部评分表", "All sheets")}</span>
            </button>
            <div class="languages" role="group" aria-label=move || ui.say("语言", "Language")>{languages}</div>
            <details class="settings" on:toggle=look>
                <summary>{move || ui.say("显示", "Display")}</summary>
                <div>
                    <Choose ui setting=&SIZE title=("字号", "Text size") />
                    <Choose ui setting=&HAND title=("握持", "Hand") />
                    <Choose ui setting=&THEME title=("外观", "Look") />
                    {export}
                    <button hidden=move || ui.stage.get() != Stage::Marking || !ui.has_lock() on:click=move |_| ui.lock()>
                        {move || ui.say("锁定（用 PIN 解锁）", "Lock (the PIN unlocks)")}
                    </button>
                    <button
                        class:doubtful=move || is_leaving.get()
                        hidden=move || !matches!(ui.stage.get(), Stage::Marking | Stage::Waiting)
                        on:click=sign_out
                    >
                        {leaving}
                    </button>
                    <a href="/ready">{move || ui.say("检查这台设备", "Test this device")}</a>
                    <a href="/trust" hidden=move || !has_certificate.get()>
                        {move || ui.say("安装服务器的证书", "Install the server's certificate")}
                    </a>
                    <p class="quiet">{move || standing(ui)}</p>
                </div>
            </details>
        </header>
    }
}

#[component]
fn Choose(ui: Ui, setting: &'static Setting, title: (&'static str, &'static str)) -> impl IntoView {
    let known = |value: &String| setting.values.iter().any(|(name, ..)| name == value);
    let first = setting.values.first().map_or("", |(name, ..)| *name);
    let chosen = RwSignal::new(remembered(setting.name).filter(known).unwrap_or_else(|| first.to_owned()));
    Effect::new(move |_| {
        let value = chosen.get();
        remember(setting.name, &value);
        if let Some(root) = document().and_then(|document| document.document_element()) {
            let _ = root.set_attribute(&format!("data-{}", setting.name), &value);
        }
    });
    let buttons = setting.values.iter().map(|(value, chinese, english)| {
        view! {
            <button aria-pressed=move || pressed(chosen.get() == *value) on:click=move |_| chosen.set((*value).to_owned())>
                {move || ui.say(chinese, english)}
            </button>
        }
    });
    view! {
        <div class="choose" role="group" aria-label=move || ui.say(title.0, title.1)>
            <span>{move || ui.say(title.0, title.1)}</span>
            {buttons.collect::<Vec<_>>()}
        </div>
    }
}

/// What this browser gives and lacks, in a sentence.
fn standing(ui: Ui) -> &'static str {
    if !is_secure() {
        return ui.say(
            "未加密的连接：页面开着时可以评分；没有网络时不能重新打开本页，屏幕也可能自动熄灭。",
            "An unencrypted connection: marking works while this page is open; without a network it cannot be opened again, and the screen may turn off.",
        );
    }
    if !ui.is_persistent.get() {
        return ui.say(
            "浏览器没有承诺长期保存数据：请把本页添加到主屏幕，并在当天结束前连网。",
            "The browser has not promised to keep data: add this page to the home screen, and connect before the day ends.",
        );
    }
    if !is_online() {
        return ui.say(
            "设备没有网络；评分照常保存在本机。",
            "The device has no network; marks are stored here as always.",
        );
    }
    ui.say("评分先写入本机，再发往服务器；断网、断电都不会丢。", "Marks are written to this device first, then sent; neither a lost network nor a flat battery loses one.")
}

/// Whether the browser takes this page for one that came over an encrypted connection.
fn is_secure() -> bool {
    window().is_some_and(|window| {
        property(&window, "isSecureContext").is_some_and(|is_secure| is_secure.is_truthy())
    })
}

fn pressed(is_pressed: bool) -> &'static str {
    if is_pressed { "true" } else { "false" }
}

/// The time of day on this device, `10:42`.
fn clock(unix_ms: i64) -> String {
    let ms = i32::try_from(unix_ms % 1_000).unwrap_or_default();
    #[expect(
        clippy::cast_precision_loss,
        reason = "a moment for the browser's own date, shown and nothing else"
    )]
    let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64((unix_ms - i64::from(ms)) as f64));
    format!("{:02}:{:02}", date.get_hours(), date.get_minutes())
}
