//! Why a value takes the place of another: asked once what stood there can no longer be taken back by
//! one tap.

use domain::finding::Language;
use domain::scheme::Aspect;
use domain::scoring::Value;
use leptos::html;
use leptos::prelude::*;

use super::state::Ui;
use super::words;

/// What most corrections are for; one tap each.
const REASONS: [(&str, &str); 4] = [
    ("输错了", "Typed wrong"),
    ("看错了工件或评分点", "Looked at the wrong piece or aspect"),
    ("重新测量", "Measured again"),
    ("商议后更改", "After discussion"),
];

/// The most characters of an own reason: a sentence.
const OWN_MAX: &str = "200";

/// Asks why, in place of the ways to answer: nothing is entered before one is given.
#[component]
pub(super) fn Correction(
    ui: Ui,
    aspect: Aspect,
    /// What stands there.
    before: Option<Value>,
    /// What is to take its place.
    after: Value,
    /// Takes the reason; none where everything stays as it is.
    decide: Callback<Option<String>>,
) -> impl IntoView {
    let language = ui.language.get_untracked();
    let said = |value: &Value| words::value(&aspect, value, language);
    let (from, to) = (before.as_ref().map_or_else(|| "–".to_owned(), said), said(&after));
    let own = RwSignal::new(String::new());
    let is_blank = move || own.with(|own| own.trim().is_empty());
    let first = NodeRef::<html::Button>::new();
    Effect::new(move |_| {
        if let Some(first) = first.get() {
            let _ = first.focus();
        }
    });
    let [most, others @ ..] = REASONS.map(|(chinese, english)| words::pick(language, chinese, english));
    let choice = move |words: &'static str| {
        move |_| {
            if ui.is_fresh_tap() {
                decide.run(Some(words.to_owned()));
            }
        }
    };
    let give = move || {
        if !own.with_untracked(|own| own.trim().is_empty()) {
            decide.run(Some(own.get_untracked().trim().to_owned()));
        }
    };
    let keys = move |event: web_sys::KeyboardEvent| match event.key().as_str() {
        "Escape" => {
            event.stop_propagation();
            decide.run(None);
        }
        "Enter" if own.with_untracked(|own| !own.is_empty()) && !event.repeat() => {
            event.prevent_default();
            give();
        }
        _ => {}
    };
    let heading = match language {
        Language::Chinese => "改正：为什么改？",
        Language::English => "A correction: why?",
    };
    let about = words::pick(
        language,
        "理由和两个值都会记入账本；本组在这张表上的签字作废，需要重签。",
        "The reason and both values go into the ledger; signatures on this sheet are void and given again.",
    );
    view! {
        <div class="notice-box correction" role="group" aria-label=heading on:keydown=keys>
            <p class="change"><strong>{heading}</strong> " " <span>{from} " → " <strong>{to}</strong></span></p>
            <div class="answers reasons">
                <button class="answer" node_ref=first on:click=choice(most)>{most}</button>
                {others.map(|words| view! { <button class="answer" on:click=choice(words)>{words}</button> })}
            </div>
            <div class="field-line">
                <input
                    type="text"
                    autocomplete="off"
                    maxlength=OWN_MAX
                    placeholder=words::pick(language, "其他理由", "Another reason")
                    aria-label=words::pick(language, "其他理由", "Another reason")
                    on:input=move |event| own.set(event_target_value(&event))
                />
                <button disabled=is_blank on:click=move |_| if ui.is_fresh_tap() { give() }>
                    {words::pick(language, "以此理由改", "Correct for this")}
                </button>
            </div>
            <p class="quiet">{about}</p>
            <button on:click=move |_| if ui.is_fresh_tap() { decide.run(None) }>{words::pick(language, "不改了", "Leave it as it is")}</button>
        </div>
    }
}
