//! Sign-in: a card's code, which its QR code brings along, and the PIN beside it.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::api::Failure;
use super::state::Ui;

#[component]
pub(super) fn SignIn(ui: Ui) -> impl IntoView {
    let code = RwSignal::new(ui.card.get_untracked().unwrap_or_default());
    let pin = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<String>);
    let is_busy = RwSignal::new(false);
    let has_card = move || ui.card.get().is_some();
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if is_busy.get_untracked() {
            return;
        }
        is_busy.set(true);
        problem.set(None);
        spawn_local(async move {
            let code = code.get_untracked().trim().to_owned();
            let pin = domain::number::narrow(pin.get_untracked().trim());
            let answer = ui.sign_in(code, pin).await;
            is_busy.try_set(false);
            if let Err(failure) = answer {
                problem.try_set(Some(match failure {
                    Failure::NoAnswer => ui
                        .say(
                            "没有连上竞赛服务器；请检查网络后再试。登录卡仍然有效。",
                            "The competition's server does not answer; look at the network and try again. The card stays good.",
                        )
                        .to_owned(),
                    Failure::Unreadable => ui
                        .say(
                            "服务器的版本与平板上的程序不同；请重新载入本页再登录。",
                            "The server and this program are of different versions; load this page again and sign in.",
                        )
                        .to_owned(),
                    Failure::Refused { detail, .. } => detail,
                }));
            }
        });
    };
    // A card for a device that somebody marks on already: what it holds unsent stays here.
    let other = move || {
        ui.bench.get().map(|bench| {
            let text = format!(
                "{} {}",
                ui.say(
                    "这台设备现在登记的裁判是",
                    "This device is enrolled for judge",
                ),
                bench.judge
            );
            let count = ui.left.with(|all| {
                all.iter().filter(|left| left.device == bench.device).map(|left| left.count).sum::<usize>()
            });
            let unsent = (count > 0).then(|| match ui.language.get() {
                domain::finding::Language::Chinese => format!(
                    "本机还有 {count} 项没有发送：如果原登录还有效，请先返回连网发送；否则由同一位裁判登录后可以一次补录。"
                ),
                domain::finding::Language::English => format!(
                    " {count} marks here are not sent: if the old sign-in still holds, go back and let them be sent; else the same judge can enter them again after signing in."
                ),
            });
            view! {
                <p class="notice-box">
                    {text} {ui.say("。用新卡登录后，设备改为新卡的裁判。", ". Signing in makes it the device of the new card's judge.")}
                    {unsent}
                    " "
                    <a href="/judge">{ui.say("不换，返回评分", "Keep it and go back")}</a>
                </p>
            }
        })
    };
    view! {
        <main class="stage sign-in">
            <h1>{move || ui.say("裁判登录", "Judge's sign-in")}</h1>
            <p>
                {move || {
                    if has_card() {
                        ui.say("已读到登录卡。请输入卡上的 PIN。", "The card was read. Enter the PIN on it.")
                    } else {
                        ui.say(
                            "请用相机扫描登录卡上的二维码；扫不了时，把卡上的代码和 PIN 输入下面。没有卡请找裁判长。",
                            "Scan the QR code on your card with the camera. If that fails, type the code and the PIN that stand on it. No card? Ask the chief judge.",
                        )
                    }
                }}
            </p>
            {other}
            <form on:submit=submit>
                <label class="field" hidden=has_card>
                    <span>{move || ui.say("卡上的代码", "Code on the card")}</span>
                    <input
                        type="text"
                        name="code"
                        autocomplete="off"
                        autocapitalize="off"
                        spellcheck="false"
                        required=move || !has_card()
                        prop:value=code
                        on:input=move |event| code.set(event_target_value(&event))
                    />
                </label>
                <label class="field">
                    <span>"PIN"</span>
                    <input
                        type="text"
                        name="pin"
                        class="pin"
                        inputmode="numeric"
                        autocomplete="one-time-code"
                        required=true
                        prop:value=pin
                        on:input=move |event| pin.set(event_target_value(&event))
                    />
                </label>
                <button type="button" class="quiet" hidden=move || !has_card() on:click=move |_| {
                    ui.drop_card();
                    code.set(String::new());
                }>
                    {move || ui.say("换一张卡：输入代码", "Another card: type its code")}
                </button>
                <p class="problem" role="alert">{move || problem.get()}</p>
                <button class="primary" type="submit" disabled=is_busy>
                    {move || if is_busy.get() { ui.say("正在登录……", "Signing in …") } else { ui.say("登录", "Sign in") }}
                </button>
            </form>
        </main>
    }
}
