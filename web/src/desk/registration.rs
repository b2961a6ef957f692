//! Registrations: the organiser's page with the delegations and what waits, a delegation's own page, the form of
//! a person, and the terms.

mod host;
mod own;
mod terms;

use domain::finding::Language;
use domain::registration::{Day, State, Step};
use protocol::Problem;
use protocol::registration::{
    MyDelegation, OpenSkill, OwnRegistrations, PersonForm, Registration, Registrations, TermsForm,
};
use protocol::view::{CompetitionRef, SkillRef};

use super::Says;
use crate::format::Reader;
use crate::node::{Element, el};

/// A page of registrations.
#[derive(Clone, Copy, Debug)]
pub enum RegistrationPage<'a> {
    /// A competition's, for the organiser.
    Host {
        /// What there is.
        shown: &'a Registrations,
        /// How many were just approved, and how many of those chosen were not.
        approved: Option<(usize, usize)>,
        /// What was typed as delegations, where that was refused.
        typed: &'a str,
        /// Why something was refused.
        problem: Option<&'a Problem>,
    },
    /// The terms.
    Terms {
        /// Which competition.
        competition: &'a CompetitionRef,
        /// Its skills.
        skills: &'a [SkillRef],
        /// What stands in the form.
        form: &'a TermsForm,
        /// What stands there, where somebody else changed it.
        there: Option<&'a TermsForm>,
        /// Whether they were just kept.
        is_kept: bool,
        /// Why they were not kept.
        problem: Option<&'a Problem>,
    },
    /// The delegations that somebody may enter people for.
    Mine {
        /// They.
        mine: &'a [MyDelegation],
    },
    /// A delegation's people.
    Own {
        /// They.
        own: &'a OwnRegistrations,
    },
    /// Somebody to be entered.
    Enter {
        /// For which delegation.
        own: &'a OwnRegistrations,
        /// What stands in the form.
        typed: &'a PersonForm,
        /// Why it was refused.
        problem: Option<&'a Problem>,
    },
    /// Somebody who is entered.
    Person {
        /// For which delegation.
        own: &'a OwnRegistrations,
        /// They.
        one: &'a Registration,
        /// What stands in the form.
        typed: &'a PersonForm,
        /// What was typed as a reason, where that was refused.
        why: &'a str,
        /// Why something was refused.
        problem: Option<&'a Problem>,
    },
    /// The consent of a minor's guardian, to be printed and signed.
    Consent {
        /// For which delegation.
        own: &'a OwnRegistrations,
        /// Whose.
        one: &'a Registration,
    },
}

impl RegistrationPage<'_> {
    pub(super) fn title(&self, reader: Reader) -> String {
        let says = Says(reader.language);
        match self {
            Self::Host { shown, .. } => {
                format!("{} – {}", says.say("报名", "Registration"), reader.pick(&shown.competition.name))
            }
            Self::Terms { .. } => says.say("报名条件", "Terms of registration").to_owned(),
            Self::Mine { .. } => says.say("我的报名", "My registrations").to_owned(),
            Self::Own { own } => {
                format!("{} – {}", says.say("报名", "Registration"), reader.pick(&own.delegation.name))
            }
            Self::Enter { .. } => says.say("报一名选手", "Enter somebody").to_owned(),
            Self::Person { one, .. } => one.line.name.clone(),
            Self::Consent { .. } => says.say("监护人同意书", "A guardian's consent").to_owned(),
        }
    }

    pub(super) fn body(self, reader: Reader) -> Vec<Element> {
        match self {
            Self::Host { shown, approved, typed, problem } => {
                host::page(shown, approved, typed, problem, reader)
            }
            Self::Terms { competition, skills, form, there, is_kept, problem } => {
                terms::page((competition, skills), (form, there), is_kept, problem, reader)
            }
            Self::Mine { mine } => own::mine_page(mine, reader),
            Self::Own { own } => own::page(own, reader),
            Self::Enter { own, typed, problem } => own::enter_page(own, typed, problem, reader),
            Self::Person { own, one, typed, why, problem } => {
                own::person_page(own, one, (typed, why), problem, reader)
            }
            Self::Consent { own, one } => own::consent_page(own, one, reader),
        }
    }
}

fn step_word(step: Step, reader: Reader) -> &'static str {
    let says = Says(reader.language);
    match step {
        Step::Send => says.say("报送", "Entered"),
        Step::Approve => says.say("通过", "Approved"),
        Step::Return => says.say("退回", "Given back"),
        Step::Reconsider => says.say("收回通过", "Approval taken back"),
        Step::Withdraw => says.say("撤回", "Withdrawn"),
        Step::Replace => says.say("由他人替补", "Replaced by"),
    }
}

/// A state as a word with its colour.
fn badge(state: State, reader: Reader) -> Element {
    el("span").class("state").set("data-state", state.as_str()).add(state.name(reader.language))
}

/// From when to when.
fn days(window: (Option<Day>, Option<Day>), reader: Reader) -> String {
    match (window, reader.language) {
        ((Some(from), Some(until)), Language::Chinese) => format!("报名时间：{from} 至 {until}"),
        ((Some(from), Some(until)), Language::English) => format!("Registration: {from} to {until}"),
        ((Some(from), None), Language::Chinese) => format!("报名从 {from} 开始"),
        ((Some(from), None), Language::English) => format!("Registration begins on {from}"),
        ((None, Some(until)), Language::Chinese) => format!("报名截止：{until}"),
        ((None, Some(until)), Language::English) => format!("Registration ends on {until}"),
        ((None, None), language) => {
            Says(language).say("还没有定报名时间", "The days of registration are not set yet").to_owned()
        }
    }
}

fn skill_word(skill: &SkillRef, reader: Reader) -> String {
    format!("{} {}", skill.number, reader.pick(&skill.name)).trim().to_owned()
}

/// What a skill asks, in one line.
fn asked(skill: &OpenSkill, reader: Reader) -> String {
    let between = if reader.language == Language::Chinese { "；" } else { "; " };
    skill.asked.iter().map(|text| reader.pick(text)).collect::<Vec<_>>().join(between)
}

/// A table that scrolls within itself where the page is narrow.
fn scrolling(label: &'static str, table: Element) -> Element {
    el("div").class("scrolls").set("tabindex", "0").set("role", "region").set("aria-label", label).add(table)
}

/// A cell that says on a phone what it holds, where the row of headings is hidden.
fn labelled(label: &'static str) -> Element {
    el("td").set("data-label", label)
}
