//! Asks why, where an act needs a reason: what most people answer by one tap, or a sentence of one's
//! own. Nothing is done before an answer is given.

use leptos::html;
use leptos::prelude::*;

use super::later;
use super::state::Ui;
use super::words;

/// Why a value takes the place of another that can no longer be taken back by one tap.
pub(super) const CORRECTION: &str = "correction";
/// Why a judge will not sign a sheet.
pub(super) const DECLINE: &str = "decline";
/// Why an aspect of a locked sheet is to be opened again.
pub(super) const UNLOCK: &str = "unlock";

/// The most characters of an own reason: a sentence.
const OWN_MAX: &str = "200";

/// Asks it.
#[component]
pub(super) fn Why(
    ui: Ui,
    /// Its name among the words that are loaded later.
    question: &'static str,
    /// What is asked about, in words.
    #[prop(into)]
    subject: String,
    /// Takes the reason; none where everything stays as it is.
    decide: Callback<Option<String>>,
) -> impl IntoView {
    let language = ui.language.get_untracked();
    let said = move |what: &str| {
        later::said(&["questions", question, what], language).unwrap_or_else(|| "…".to_owned())
    };
    let own = RwSignal::new(String::new());
    let is_blank = move || own.with(|own| own.trim().is_empty());
    let list = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        let first = list.get().and_then(|list| list.query_selector("button").ok().flatten());
        if let Some(first) =
            first.and_then(|first| wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlElement>(first).ok())
        {
            let _ = first.focus();
        }
    });
    // As many as the longest question has.
    let answers = ["0", "1", "2", "3"].into_iter();
    let answers = answers.filter_map(|at| later::said(&["questions", question, "answers", at], language));
    let answers = answers.map(|words| {
        let reason = words.clone();
        view! {
            <button class="answer" on:click=move |_| if ui.is_fresh_tap() { decide.run(Some(reason.clone())) }>{words}</button>
        }
    });
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
    let another = words::pick(language, "其他理由", "Another reason");
    view! {
        <div class="notice-box why" role="group" aria-label=said("heading") on:keydown=keys>
            <p class="change"><strong>{said("heading")}</strong> " " <span>{subject}</span></p>
            <div class="answers reasons" node_ref=list>{answers.collect::<Vec<_>>()}</div>
            <button on:click=move |_| if ui.is_fresh_tap() { decide.run(None) }>{said("leave")}</button>
            <div class="field-line">
                <input
                    type="text"
                    autocomplete="off"
                    maxlength=OWN_MAX
                    placeholder=another
                    aria-label=another
                    on:input=move |event| own.set(event_target_value(&event))
                />
                <button disabled=is_blank on:click=move |_| if ui.is_fresh_tap() { give() }>{said("own")}</button>
            </div>
            <p class="quiet">{said("about")}</p>
        </div>
    }
}
