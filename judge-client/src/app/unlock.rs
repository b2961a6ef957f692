//! The PIN's lock as it is shown.

use domain::number::narrow;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::state::Ui;

#[component]
pub(super) fn Unlock(ui: Ui) -> impl IntoView {
    let pin = RwSignal::new(String::new());
    let is_busy = RwSignal::new(false);
    let is_wrong = RwSignal::new(false);
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if is_busy.get_untracked() {
            return;
        }
        is_busy.set(true);
        spawn_local(async move {
            let is_right = ui.unlock(&narrow(pin.get_untracked().trim())).await;
            // Unlocked, this form is gone.
            is_busy.try_set(false);
            is_wrong.try_set(!is_right);
            if !is_right {
                pin.try_set(String::new());
            }
        });
    };
    let whose = move || ui.bench.get().map(|bench| bench.judge.to_string());
    view! {
        <main class="stage sign-in unlock">
            <h1>{move || ui.say("输入 PIN 解锁", "Enter the PIN")}</h1>
            <p>
                {move || ui.say("这台设备登记的裁判是 ", "This device is enrolled for judge ")}
                <strong class="mono">{whose}</strong>
                {move || ui.say(
                    "。PIN 在登录卡上；没有网络也能解锁，没有上传的评分都在。",
                    ". The PIN is on the sign-in card; it unlocks without a network, and what is not sent yet is all here.",
                )}
            </p>
            <form on:submit=submit>
                <label class="field">
                    <span>"PIN"</span>
                    <input
                        type="password"
                        name="pin"
                        class="pin"
                        inputmode="numeric"
                        autocomplete="off"
                        autofocus=true
                        required=true
                        prop:value=pin
                        on:input=move |event| pin.set(event_target_value(&event))
                    />
                </label>
                <p class="problem" role="alert">
                    {move || is_wrong.get().then(|| ui.say("PIN 不对，请再试。", "That is not the PIN; try again."))}
                </p>
                <button class="primary" type="submit" disabled=is_busy>
                    {move || if is_busy.get() { ui.say("正在解锁……", "Unlocking …") } else { ui.say("解锁", "Unlock") }}
                </button>
                <button type="button" class="quiet" on:click=move |_| ui.use_another_card()>
                    {move || ui.say("没有 PIN：用新的登录卡", "No PIN: use another card")}
                </button>
            </form>
        </main>
    }
}
