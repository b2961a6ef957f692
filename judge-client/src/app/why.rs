//! Asks why, where an act needs a reason: what most people answer by one tap, or a sentence of one's
//! own. Nothing is done before an answer is given.

use leptos::html;
use leptos::prelude::*;

use super::state::Ui;
use super::words;

/// What is asked, in both languages.
#[derive(Debug)]
pub(super) struct Question {
    /// What it is about.
    pub(super) heading: (&'static str, &'static str),
    /// The answers of most people.
    pub(super) answers: &'static [(&'static str, &'static str)],
    /// The button of an own answer.
    pub(super) own: (&'static str, &'static str),
    /// What comes of it.
    pub(super) about: (&'static str, &'static str),
    /// The way back.
    pub(super) leave: (&'static str, &'static str),
}

/// Why a value takes the place of another that can no longer be taken back by one tap.
pub(super) const CORRECTION: Question = Question {
    heading: ("改正：为什么改？", "A correction: why?"),
    answers: &[
        ("输错了", "Typed wrong"),
        ("看错了工件或评分点", "Looked at the wrong piece or aspect"),
        ("重新测量", "Measured again"),
        ("商议后更改", "After discussion"),
    ],
    own: ("以此理由改", "Correct for this"),
    about: (
        "理由和两个值都会记入账本；本组在这张表上的签字作废，需要重签。",
        "The reason and both values go into the ledger; signatures on this sheet are void and given again.",
    ),
    leave: ("不改了", "Leave it as it is"),
};

/// Why a judge will not sign a sheet.
pub(super) const DECLINE: Question = Question {
    heading: ("不签：为什么？", "Not signing: why?"),
    answers: &[
        ("表上的值与我打的不一致", "The sheet does not say what I gave"),
        ("评分没有按规则进行", "It was not marked by the rules"),
        ("我与选手有利害关系", "I have an interest in this competitor"),
    ],
    own: ("以此理由不签", "Decline for this"),
    about: (
        "理由会记入账本，裁判长会看到。您之后仍可以签字；裁判长也可以附理由代签。",
        "The reason goes into the ledger, and the chief judge sees it. You can still sign later; the chief judge can also sign for you, with a reason.",
    ),
    leave: ("返回", "Back"),
};

/// Why an aspect of a locked sheet is to be opened again.
pub(super) const UNLOCK: Question = Question {
    heading: ("申请解锁：为什么？", "Ask to open it again: why?"),
    answers: &[
        ("输错了", "Typed wrong"),
        ("看错了工件或评分点", "Looked at the wrong piece or aspect"),
        ("重新测量", "Measured again"),
    ],
    own: ("以此理由申请", "Ask for this"),
    about: (
        "裁判长和第二个人同意后，只开放这一项；全组重新签字。",
        "If the chief judge and a second person agree, this aspect alone is opened; all sign anew.",
    ),
    leave: ("返回", "Back"),
};

/// The most characters of an own reason: a sentence.
const OWN_MAX: &str = "200";

/// Asks it.
#[component]
pub(super) fn Why(
    ui: Ui,
    question: &'static Question,
    /// What is asked about, in words.
    #[prop(into)]
    subject: String,
    /// Takes the reason; none where everything stays as it is.
    decide: Callback<Option<String>>,
) -> impl IntoView {
    let language = ui.language.get_untracked();
    let pick = |(chinese, english): (&'static str, &'static str)| words::pick(language, chinese, english);
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
    let answers = question.answers.iter().map(|answer| {
        let words = pick(*answer);
        view! {
            <button class="answer" on:click=move |_| if ui.is_fresh_tap() { decide.run(Some(words.to_owned())) }>{words}</button>
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
        <div class="notice-box why" role="group" aria-label=pick(question.heading) on:keydown=keys>
            <p class="change"><strong>{pick(question.heading)}</strong> " " <span>{subject}</span></p>
            <div class="answers reasons" node_ref=list>{answers.collect::<Vec<_>>()}</div>
            <button on:click=move |_| if ui.is_fresh_tap() { decide.run(None) }>{pick(question.leave)}</button>
            <div class="field-line">
                <input
                    type="text"
                    autocomplete="off"
                    maxlength=OWN_MAX
                    placeholder=another
                    aria-label=another
                    on:input=move |event| own.set(event_target_value(&event))
                />
                <button disabled=is_blank on:click=move |_| if ui.is_fresh_tap() { give() }>{pick(question.own)}</button>
            </div>
            <p class="quiet">{pick(question.about)}</p>
        </div>
    }
}
