//! The organisers' desk: plain pages and forms that need no script.

mod account;
mod cards;
mod checkin;
mod circuit;
mod competition;
mod competitors;
mod draw;
mod edition;
mod interest;
mod interface;
mod list;
mod marks;
mod panel;
mod people;
mod promotion;
mod registration;
mod rehearsal;
mod roster;
mod rules;
mod scheme;
mod setup;
mod skill;
mod taken;

use domain::finding::{Language, Severity};
use protocol::Problem;
use protocol::account::{AccountAct, FactorDraft, Mine};
use protocol::bulk::BulkPreview;
use protocol::checkin::{Arrival, CheckInList, EntryCards, Expected};
use protocol::desk::{Card, Listed, Small};
use protocol::draw::{Draws, LayerCards, NewDraw, Slips};
use protocol::edition::{NewRehearsal, NextEdition};
use protocol::list::ListQuery;
use protocol::note::NotesView;
use protocol::people::{InvitationMade, Invite, LinkMade, Organisation, OrganisationForm, People};
use protocol::practice::Practice;
use protocol::rules::RulesPage;
use protocol::scheme::SchemeVersions;
use protocol::setup::{
    About, CompetitorForm, Competitors, DryRun, Interests, MarksHome, NewInterest, Panels, Roster, SkillList,
};
use protocol::view::{CompetitionRef, Text};
use serde_json::Value;

use crate::format::{Reader, segment};
use crate::node::{Content, Element, Node, el};
use crate::notes::{self, Door};
use crate::parts::{empty, name};
use crate::practice;
use crate::text;
use crate::trust::TrustPage;

use list::List;

pub use account::RenewPage;
pub use checkin::ArrivalSaid;
pub use circuit::CircuitPage;
pub use competition::CompetitionDesk;
pub use people::JoinPage;
pub use promotion::PromotionPage;
pub use registration::RegistrationPage;
pub(crate) use rules::preview_html;
pub use scheme::SchemeShown;
pub use setup::Choices;
pub use skill::SkillPage;

/// What the desk shows.
#[derive(Clone, Copy, Debug)]
pub enum DeskPage<'a> {
    /// Signing in, or making the first account; with what went wrong before.
    Door {
        /// Whether there is no account yet.
        is_new: bool,
        /// What went wrong.
        problem: Option<&'a Problem>,
        /// What was typed as the name.
        name: &'a str,
        /// Where to go on to; empty for the desk.
        on: &'a str,
    },
    /// The second half of signing in.
    Code {
        /// Where to go on to; empty for the desk.
        on: &'a str,
        /// What the first half gave.
        half: &'a str,
        /// What went wrong.
        problem: Option<&'a Problem>,
    },
    /// One's own account.
    Mine {
        /// It.
        mine: &'a Mine,
        /// The second factor that is being set up.
        draft: Option<&'a FactorDraft>,
        /// Recovery codes, shown once.
        recovery: &'a [String],
        /// Why something was refused.
        problem: Option<&'a Problem>,
        /// What was just done.
        done: Option<AccountAct>,
    },
    /// Every competition, and the ways to make one.
    Home {
        /// Who is signed in.
        name: &'a str,
        /// Every competition.
        competitions: &'a [Listed],
        /// What is asked of them.
        query: &'a ListQuery,
        /// What whoever is signed in may do.
        may: HomeMay,
        /// What they may choose of.
        choices: Choices<'a>,
        /// What was typed for a small competition.
        typed: &'a Small,
        /// Why that was refused.
        problem: Option<&'a Problem>,
        /// What was typed for a competition that is set up piece by piece.
        new: &'a About,
        /// Why that was refused.
        refused: Option<&'a Problem>,
    },
    /// Who competes, or who judges.
    Roster {
        /// Who is signed in.
        name: &'a str,
        /// What there is.
        roster: &'a Roster,
        /// How many were just taken in.
        taken: Option<usize>,
        /// What was pasted, where that was refused.
        pasted: &'a str,
        /// Why something was refused.
        problem: Option<&'a Problem>,
    },
    /// Which marks of a skill can be taken in from a file.
    Marks {
        /// Who is signed in.
        name: &'a str,
        /// What there is.
        marks: &'a MarksHome,
        /// How many were just entered.
        taken: Option<usize>,
        /// What was pasted, where that was refused.
        pasted: &'a str,
        /// Why something was refused.
        problem: Option<&'a Problem>,
    },
    /// Who competes in a skill, one by one.
    Competitors {
        /// Who is signed in.
        name: &'a str,
        /// Those that fit what is looked for.
        list: &'a Competitors,
        /// What is asked of them.
        query: &'a ListQuery,
        /// Why something was refused.
        problem: Option<&'a Problem>,
    },
    /// What a bulk change of them would do.
    Bulk {
        /// Who is signed in.
        name: &'a str,
        /// It.
        preview: &'a BulkPreview,
        /// Why it was not done.
        problem: Option<&'a Problem>,
    },
    /// One of them, to be changed.
    Competitor {
        /// Who is signed in.
        name: &'a str,
        /// Of which skill.
        of: &'a SkillList,
        /// How the list is looked at, to go back to it.
        query: &'a ListQuery,
        /// Whose number.
        code: &'a str,
        /// What is known.
        known: &'a CompetitorForm,
        /// What was typed.
        typed: &'a CompetitorForm,
        /// Why it was refused.
        problem: Option<&'a Problem>,
    },
    /// Who marks which sub-criterion of a skill.
    Panels {
        /// Who is signed in.
        name: &'a str,
        /// What there is, or was chosen.
        panels: &'a Panels,
        /// Whether it holds something that was not kept.
        is_unsaved: bool,
        /// Why it was not.
        problem: Option<&'a Problem>,
    },
    /// A skill's marking scheme, to be edited.
    Scheme {
        /// Who is signed in.
        name: &'a str,
        /// It.
        shown: SchemeShown<'a>,
    },
    /// The versions of a skill's scheme.
    SchemeVersions {
        /// Who is signed in.
        name: &'a str,
        /// They, and two held together.
        versions: &'a SchemeVersions,
    },
    /// What taking a list in would do.
    DryRun {
        /// Who is signed in.
        name: &'a str,
        /// It.
        run: &'a DryRun,
        /// Why something was refused.
        problem: Option<&'a Problem>,
    },
    /// Judges with an interest in somebody who competes.
    Interests {
        /// Who is signed in.
        name: &'a str,
        /// What there is.
        interests: &'a Interests,
        /// What was typed, where it was refused.
        typed: &'a NewInterest,
        /// Why something was refused.
        problem: Option<&'a Problem>,
    },
    /// Draws and codes.
    Draws {
        /// Who is signed in.
        name: &'a str,
        /// What there is.
        draws: &'a Draws,
        /// What was typed for a new one.
        typed: &'a NewDraw,
        /// Why something was refused.
        problem: Option<&'a Problem>,
    },
    /// The codes of a layer, to be printed by whoever made it.
    LayerCards {
        /// Who is signed in.
        name: &'a str,
        /// The codes.
        cards: &'a LayerCards,
        /// Where to go back to.
        back: &'a str,
    },
    /// The slips that a layer was sealed under, to be printed once.
    Slips {
        /// Who is signed in.
        name: &'a str,
        /// The slips.
        slips: &'a Slips,
        /// Where to go back to.
        back: &'a str,
    },
    /// Who is here before the competition.
    CheckIn {
        /// Who is signed in.
        name: &'a str,
        /// Everybody who is expected.
        list: &'a CheckInList,
        /// Of whom something was just noted or taken back.
        just: Option<&'a Expected>,
    },
    /// Somebody whose entry card was scanned.
    Arrival {
        /// Who is signed in.
        name: &'a str,
        /// They.
        arrival: &'a Arrival,
        /// What is said first.
        said: ArrivalSaid<'a>,
    },
    /// Entry cards, to be printed.
    EntryCards {
        /// Who is signed in.
        name: &'a str,
        /// They.
        cards: &'a EntryCards,
    },
    /// What a competition is, to be changed.
    About {
        /// Who is signed in.
        name: &'a str,
        /// The competition.
        id: &'a str,
        /// What may be chosen of.
        choices: Choices<'a>,
        /// What stands in the form.
        typed: &'a About,
        /// Whether it is offered as a template; none where it cannot be.
        offered: Option<bool>,
        /// Why that was refused.
        problem: Option<&'a Problem>,
    },
    /// One competition with everything to do.
    Competition {
        /// Who is signed in.
        name: &'a str,
        /// Which, and what else its page shows.
        desk: CompetitionDesk<'a>,
    },
    /// Judges' cards, to be printed or shown once.
    Cards {
        /// The cards.
        cards: &'a [Card],
        /// By what devices come to trust this server.
        trust: TrustPage<'a>,
        /// Where to go back to.
        back: &'a str,
    },
    /// What judges of a skill wrote and photographed.
    Notes {
        /// Who is signed in.
        name: &'a str,
        /// What there is.
        view: &'a NotesView,
    },
    /// A skill's practice.
    Practice {
        /// Who is signed in.
        name: &'a str,
        /// What there is.
        view: &'a Practice,
        /// When this was so, in milliseconds since 1970 UTC.
        now: i64,
    },
    /// Who holds which role over what.
    People {
        /// Who is signed in.
        name: &'a str,
        /// Their account.
        account: &'a str,
        /// Everything that they may see.
        people: &'a People,
        /// What is asked of its lists.
        query: &'a ListQuery,
        /// What was typed for an invitation.
        invite: &'a Invite,
        /// What was typed for an organisation.
        organisation: &'a OrganisationForm,
        /// The invitation that was just made.
        made: Option<&'a InvitationMade>,
        /// The link to a new password that was just made.
        link: Option<&'a LinkMade>,
        /// Why something was refused.
        problem: Option<&'a Problem>,
    },
    /// Its rules, chosen and edited.
    Rules {
        /// Who is signed in.
        name: &'a str,
        /// What there is.
        rules: &'a RulesPage,
        /// Why they were not kept.
        problem: Option<&'a Problem>,
    },
    /// Who is entered, by whom, and on which terms.
    Registration {
        /// Who is signed in.
        name: &'a str,
        /// Which page of it.
        page: RegistrationPage<'a>,
    },
    /// Who goes on to a skill.
    Promotion {
        /// Who is signed in.
        name: &'a str,
        /// Which page of it.
        page: PromotionPage<'a>,
    },
    /// One of its skills, or choosing more of them.
    Skill {
        /// Who is signed in.
        name: &'a str,
        /// Which page of it.
        page: SkillPage<'a>,
    },
    /// Its next edition, to be made.
    Edition {
        /// Who is signed in.
        name: &'a str,
        /// Which it follows.
        competition: &'a CompetitionRef,
        /// What stands in the form.
        typed: &'a NextEdition,
        /// Why that was refused.
        problem: Option<&'a Problem>,
    },
    /// Circuits, or one of them.
    Circuit {
        /// Who is signed in.
        name: &'a str,
        /// Which page of it.
        page: CircuitPage<'a>,
    },
    /// A rehearsal of it, to be made.
    Rehearsal {
        /// Who is signed in.
        name: &'a str,
        /// Of which.
        competition: &'a CompetitionRef,
        /// What stands in the form.
        typed: &'a NewRehearsal,
        /// Why that was refused.
        problem: Option<&'a Problem>,
    },
    /// Every route, from the OpenAPI document.
    Interface {
        /// Who is signed in.
        name: &'a str,
        /// The document.
        description: &'a Value,
    },
    /// Something was refused.
    Refused {
        /// What, and everything found.
        problem: &'a Problem,
        /// Where to go back to.
        back: &'a str,
    },
}

/// What the first page offers: nothing that would be refused.
#[derive(Clone, Copy, Debug, Default)]
pub struct HomeMay {
    /// Look at competitions.
    pub look: bool,
    /// Make competitions.
    pub set_up: bool,
    /// Make some that are no organisation's.
    pub of_none: bool,
    /// Run drills.
    pub drill: bool,
    /// Enter the people of one's organisation.
    pub register: bool,
    /// Appoint people.
    pub appoint: bool,
    /// Look after the server.
    pub operate: bool,
}

/// One text of two, by the reader's language.
#[derive(Clone, Copy)]
pub(crate) struct Says(pub(crate) Language);

impl Says {
    pub(crate) const fn say(self, chinese: &'static str, english: &'static str) -> &'static str {
        match self.0 {
            Language::Chinese => chinese,
            Language::English => english,
        }
    }
}

impl DeskPage<'_> {
    /// The document's title.
    pub(crate) fn title(&self, reader: Reader) -> String {
        let says = Says(reader.language);
        match self {
            Self::Door { is_new: true, .. } => {
                says.say("建立第一个账号", "Make the first account").to_owned()
            }
            Self::Door { .. } => says.say("登录工作台", "Sign in to the desk").to_owned(),
            Self::Code { .. } => says.say("再输入验证码", "One code more").to_owned(),
            Self::Mine { .. } => account::mine_title(reader).to_owned(),
            Self::Home { .. } => says.say("工作台", "Desk").to_owned(),
            Self::Roster { roster, .. } => roster::title(roster.who, reader).to_owned(),
            Self::Marks { .. } => marks::title(reader).to_owned(),
            Self::Competitors { .. } | Self::Competitor { .. } => competitors::title(reader).to_owned(),
            Self::Bulk { .. } => competitors::bulk_title(reader).to_owned(),
            Self::Panels { .. } => panel::title(reader).to_owned(),
            Self::Scheme { shown, .. } => scheme::title(shown.edit, reader),
            Self::SchemeVersions { versions, .. } => scheme::versions_title(versions, reader),
            Self::DryRun { .. } => taken::title(reader).to_owned(),
            Self::Interests { .. } => interest::title(reader).to_owned(),
            Self::Draws { .. } => draw::draws_title(reader).to_owned(),
            Self::LayerCards { .. } => draw::cards_title(reader).to_owned(),
            Self::Slips { .. } => draw::slips_title(reader).to_owned(),
            Self::CheckIn { .. } => checkin::list_title(reader).to_owned(),
            Self::Arrival { arrival, .. } => {
                format!("{} – {}", arrival.one.name, checkin::list_title(reader))
            }
            Self::EntryCards { .. } => checkin::cards_title(reader).to_owned(),
            Self::About { .. } => says.say("大赛信息", "What the competition is").to_owned(),
            Self::Competition { desk, .. } => reader.pick(&desk.competition.competition.name),
            Self::Notes { view, .. } => {
                format!("{} – {}", says.say("备注和照片", "Notes and photos"), reader.pick(&view.skill.name))
            }
            Self::Practice { view, .. } => practice_title(view, reader),
            Self::People { .. } => says.say("机构和人员", "Organisations and people").to_owned(),
            Self::Rules { rules, .. } => {
                format!("{} – {}", rules::title(reader), reader.pick(&rules.competition.name))
            }
            Self::Registration { page, .. } => page.title(reader),
            Self::Promotion { page, .. } => page.title(reader),
            Self::Skill { page, .. } => page.title(reader),
            Self::Circuit { page, .. } => page.title(reader),
            Self::Edition { .. } => edition::title(reader).to_owned(),
            Self::Rehearsal { .. } => rehearsal::title(reader).to_owned(),
            Self::Interface { .. } => says.say("接口说明", "The interface").to_owned(),
            Self::Cards { .. } => says.say("裁判登录卡", "Judges' cards").to_owned(),
            Self::Refused { .. } => says.say("没有办成", "Not done").to_owned(),
        }
    }

    /// What its script begins with; none where it has none.
    pub(crate) fn data(&self, reader: Reader) -> Option<Value> {
        match self {
            Self::Scheme { shown, .. } => Some(scheme::data(shown.edit, reader)),
            _ => None,
        }
    }

    /// The page's body.
    pub(crate) fn body(&self, reader: Reader) -> Vec<Node> {
        let mut nodes = Vec::new();
        match *self {
            Self::Door { is_new, problem, name, on } => {
                door(is_new, problem, name, on, reader).add_to(&mut nodes);
            }
            Self::Code { half, on, problem } => {
                account::code_door(half, on, problem, reader).add_to(&mut nodes);
            }
            Self::Mine { mine, draft, recovery, problem, done } => {
                top(&mine.name, reader).add_to(&mut nodes);
                let shown = account::Shown { mine, draft, recovery, problem, done };
                account::mine_page(shown, reader).add_to(&mut nodes);
            }
            Self::Home { name, competitions, query, may, choices, typed, problem, new, refused } => {
                top(name, reader).add_to(&mut nodes);
                home((competitions, query), may, reader).add_to(&mut nodes);
                if may.set_up {
                    setup::make(choices, new, refused, reader).add_to(&mut nodes);
                    upload(may, choices.places, reader).add_to(&mut nodes);
                    small(choices.rule_sets, (may, choices.places), typed, problem, reader)
                        .add_to(&mut nodes);
                }
            }
            Self::Roster { name, roster, taken, pasted, problem } => {
                top(name, reader).add_to(&mut nodes);
                roster::page(roster, taken, pasted, problem, reader).add_to(&mut nodes);
            }
            Self::Marks { name, marks, taken, pasted, problem } => {
                top(name, reader).add_to(&mut nodes);
                marks::page(marks, taken, pasted, problem, reader).add_to(&mut nodes);
            }
            Self::Competitors { name, list, query, problem } => {
                top(name, reader).add_to(&mut nodes);
                competitors::list_page(list, query, problem, reader).add_to(&mut nodes);
            }
            Self::Bulk { name, preview, problem } => {
                top(name, reader).add_to(&mut nodes);
                competitors::bulk_page(preview, problem, reader).add_to(&mut nodes);
            }
            Self::Competitor { name, of, query, code, known, typed, problem } => {
                top(name, reader).add_to(&mut nodes);
                competitors::one_page((of, code, query), known, typed, problem, reader).add_to(&mut nodes);
            }
            Self::Panels { name, panels, is_unsaved, problem } => {
                top(name, reader).add_to(&mut nodes);
                panel::page(panels, is_unsaved, problem, reader).add_to(&mut nodes);
            }
            Self::Scheme { name, shown } => {
                top(name, reader).add_to(&mut nodes);
                scheme::page(shown, reader).add_to(&mut nodes);
            }
            Self::SchemeVersions { name, versions } => {
                top(name, reader).add_to(&mut nodes);
                scheme::versions_page(versions, reader).add_to(&mut nodes);
            }
            Self::DryRun { name, run, problem } => {
                top(name, reader).add_to(&mut nodes);
                taken::page(run, problem, reader).add_to(&mut nodes);
            }
            Self::Interests { name, interests, typed, problem } => {
                top(name, reader).add_to(&mut nodes);
                interest::page(interests, typed, problem, reader).add_to(&mut nodes);
            }
            Self::Draws { name, draws, typed, problem } => {
                top(name, reader).add_to(&mut nodes);
                draw::draws_page(draws, typed, problem, reader).add_to(&mut nodes);
            }
            Self::LayerCards { name, cards, back } => {
                top(name, reader).add_to(&mut nodes);
                draw::cards_page(cards, back, reader).add_to(&mut nodes);
            }
            Self::Slips { name, slips, back } => {
                top(name, reader).add_to(&mut nodes);
                draw::slips_page(slips, back, reader).add_to(&mut nodes);
            }
            Self::CheckIn { name, list, just } => {
                top(name, reader).add_to(&mut nodes);
                checkin::list_page(list, just, reader).add_to(&mut nodes);
            }
            Self::Arrival { name, arrival, said } => {
                top(name, reader).add_to(&mut nodes);
                checkin::arrival_page(arrival, said, reader).add_to(&mut nodes);
            }
            Self::EntryCards { name, cards } => {
                top(name, reader).add_to(&mut nodes);
                checkin::cards_page(cards, reader).add_to(&mut nodes);
            }
            Self::About { name, id, choices, typed, offered, problem } => {
                top(name, reader).add_to(&mut nodes);
                setup::about_page(id, choices, (typed, offered), problem, reader).add_to(&mut nodes);
            }
            Self::People { name, account, people, query, invite, organisation, made, link, problem } => {
                top(name, reader).add_to(&mut nodes);
                let shown =
                    people::Shown { account, people, query, invite, organisation, made, link, problem };
                people::people_page(shown, reader).add_to(&mut nodes);
            }
            Self::Competition { name, desk } => {
                top(name, reader).add_to(&mut nodes);
                nodes.extend(competition::competition_page(&desk, reader));
            }
            Self::Notes { name, view } => {
                top(name, reader).add_to(&mut nodes);
                let (door, back) =
                    (Door::Desk(&view.skill.id), format!("/desk/skill/{}", segment(&view.skill.id)));
                notes::page(view, door, back, reader).add_to(&mut nodes);
            }
            Self::Practice { name, view, now } => {
                top(name, reader).add_to(&mut nodes);
                practice::page(view, now, practice::Door::Desk, reader).add_to(&mut nodes);
            }
            Self::Rules { name, rules, problem } => {
                top(name, reader).add_to(&mut nodes);
                rules::page(rules, problem, reader).add_to(&mut nodes);
            }
            Self::Registration { name, page } => {
                top(name, reader).add_to(&mut nodes);
                page.body(reader).add_to(&mut nodes);
            }
            Self::Promotion { name, page } => {
                top(name, reader).add_to(&mut nodes);
                page.body(reader).add_to(&mut nodes);
            }
            Self::Skill { name, page } => {
                top(name, reader).add_to(&mut nodes);
                page.body(reader).add_to(&mut nodes);
            }
            Self::Circuit { name, page } => {
                top(name, reader).add_to(&mut nodes);
                page.body(reader).add_to(&mut nodes);
            }
            Self::Edition { name, competition, typed, problem } => {
                top(name, reader).add_to(&mut nodes);
                edition::page(competition, typed, problem, reader).add_to(&mut nodes);
            }
            Self::Rehearsal { name, competition, typed, problem } => {
                top(name, reader).add_to(&mut nodes);
                rehearsal::page(competition, typed, problem, reader).add_to(&mut nodes);
            }
            Self::Interface { name, description } => {
                top(name, reader).add_to(&mut nodes);
                nodes.extend(interface::interface_page(description, reader));
            }
            Self::Cards { cards, trust, back } => {
                cards::cards_page(cards, trust, back, reader).add_to(&mut nodes);
            }
            Self::Refused { problem, back } => refused(problem, back, reader).add_to(&mut nodes),
        }
        nodes
    }
}

/// The title of the page of a skill's practice.
pub(crate) fn practice_title(view: &Practice, reader: Reader) -> String {
    let words = Says(reader.language).say("练习与校准", "Practice and calibration");
    format!("{words} – {}", reader.pick(&view.skill.name))
}

/// A form that is sent to an address.
pub(crate) fn form(action: impl Into<std::borrow::Cow<'static, str>>) -> Element {
    el("form").set("method", "post").set("action", action)
}

pub(crate) fn button(class: &'static str, words: &'static str) -> Element {
    el("button").class(class).add(words)
}

/// A button that first says what it does; the form behind it does it.
pub(crate) fn confirmed(
    class: &'static str,
    words: &'static str,
    label: String,
    about: &'static str,
    confirm: Element,
) -> Element {
    let ask = el("summary").class(class).set("aria-label", label).add(words);
    let what = el("div").class("what").add(el("p").add(about)).add(confirm);
    el("details").class("confirm").add(ask).add(what)
}

/// What a form sends besides what is typed.
pub(crate) fn hidden_input(name: &'static str, value: impl Into<std::borrow::Cow<'static, str>>) -> Element {
    el("input").set("type", "hidden").set("name", name).set("value", value)
}

/// A field with its name above it.
pub(crate) fn field(name: &'static str, input: impl Content) -> Element {
    el("label").add(el("span").add(name)).add(input)
}

pub(crate) fn text_input(name: &'static str, value: &str) -> Element {
    el("input").set("name", name).set("required", "").set("value", value.to_owned())
}

fn lines(name: &'static str, rows: &'static str, hint: &'static str, value: &str) -> Element {
    let area = el("textarea").set("name", name).set("rows", rows).set("required", "");
    area.set("placeholder", hint).add(value.to_owned())
}

pub(crate) fn option(
    value: impl Into<std::borrow::Cow<'static, str>>,
    is_chosen: bool,
    words: impl Content,
) -> Element {
    el("option").set("value", value).set_some("selected", is_chosen.then_some("")).add(words)
}

pub(crate) fn quiet_link(words: &'static str, to: impl Into<std::borrow::Cow<'static, str>>) -> Element {
    el("a").class("quiet").set("href", to).add(words)
}

pub(crate) fn wrong(problem: &Problem) -> Element {
    el("p").class("wrong").set("role", "alert").add(problem.detail.clone())
}

pub(crate) fn heading_cells(names: &[&'static str]) -> Element {
    let cells = names.iter().map(|name| el("th").set("scope", "col").add(*name)).collect::<Vec<_>>();
    el("thead").add(el("tr").add(cells))
}

fn door(is_new: bool, problem: Option<&Problem>, name: &str, on: &str, reader: Reader) -> Element {
    let says = Says(reader.language);
    let secret = is_new.then(|| {
        let input = text_input("secret", "")
            .class("mono")
            .set("autocomplete", "off")
            .set("autocapitalize", "characters")
            .set("spellcheck", "false");
        let where_from =
            says.say("服务器启动时打印在终端里。", "The server printed it in its terminal at the start.");
        field(says.say("一次性密钥", "One-time secret"), input).add(el("small").add(where_from))
    });
    let (action, head, go) = if is_new {
        (
            "/desk/set-up",
            says.say("建立第一个账号", "Make the first account"),
            says.say("建立并登录", "Make it and sign in"),
        )
    } else {
        ("/desk/sign-in", says.say("登录工作台", "Sign in to the desk"), says.say("登录", "Sign in"))
    };
    let hint = is_new.then(|| {
        el("small").add(
            says.say("至少 10 个字符，15 个以上更好。", "At least 10 characters; 15 or more are better."),
        )
    });
    let own_name = text_input("name", name).set("maxlength", "64").set("autocomplete", "username");
    let password = text_input("password", "")
        .set("type", "password")
        .set("minlength", "10")
        .set("maxlength", "128")
        .set("autocomplete", if is_new { "new-password" } else { "current-password" });
    let fields = form(going_on(action, on))
        .add(secret)
        .add(field(says.say("名称", "Name"), own_name))
        .add(field(says.say("密码", "Password"), password).add(hint))
        .add(button("primary", go));
    el("div").class("door").add(el("h1").add(head)).add(problem.map(wrong)).add(fields)
}

/// An address that leads in, with where to go on to from there.
fn going_on(action: &'static str, on: &str) -> String {
    if on.is_empty() { action.to_owned() } else { format!("{action}?on={}", segment(on)) }
}

fn top(name: &str, reader: Reader) -> Element {
    let says = Says(reader.language);
    let desk = el("a").set("href", "/desk").add(says.say("工作台", "Desk"));
    let path = el("nav").class("breadcrumbs").set("aria-label", reader.texts().breadcrumbs).add(desk);
    let leave = form("/desk/sign-out")
        .add(el("a").set("href", "/desk/me").add(name.to_owned()))
        .add(button("quiet", says.say("退出", "Sign out")));
    el("div").class("desk-top").add(path).add(leave)
}

fn home((competitions, query): (&[Listed], &ListQuery), may: HomeMay, reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    // A practice is found at its skill, and what counts for nothing apart from what does.
    let own = competitions.iter().filter(|listed| listed.practice_of.is_none()).rev();
    let (rehearsals, own): (Vec<&Listed>, Vec<&Listed>) =
        own.partition(|listed| listed.competition.is_rehearsal);
    let part = query.part(own, |listed| {
        let name = &listed.competition.name;
        vec![("zh", name.zh.as_str().into()), ("en", name.en.as_str().into())]
    });
    let list = List { at: "/desk", place: "#competitions", query, unit: "场大赛", reader };
    let cards: Vec<Element> = part.rows.iter().map(|listed| competition_card(listed, reader)).collect();
    let is_long = part.is_long(query);
    let search = is_long.then(|| list.search(says.say("大赛名称", "name of the competition"), Vec::new()));
    let count = is_long.then(|| list.count(&part));
    let pages = list.pages(&part);
    let list = if part.all > 0 && cards.is_empty() {
        list.nothing()
    } else if cards.is_empty() && !may.set_up {
        empty(
            says.say("您还没有大赛", "You have no competition yet"),
            says.say(
                "您任职的大赛会列在这里；您的角色在“机构和人员”里。",
                "Competitions that you are appointed to are listed here; see your roles under Organisations and people.",
            ),
        )
    } else if cards.is_empty() {
        empty(
            says.say("还没有大赛", "There is no competition yet"),
            says.say(
                "在下面新建大赛，一步步准备；也可以上传赛事包，或新建一场小型比赛。",
                "Make one below and set it up step by step; or upload a package, or make a small one on one page.",
            ),
        )
    } else {
        el("ul").class("cards").add(cards)
    };
    let drills = may.drill.then(|| quiet_link(says.say("岗位练兵（用手机）", "Drills on a phone"), "/drill"));
    let own = may.register.then(|| quiet_link(says.say("我的报名", "My registrations"), "/desk/delegations"));
    let circuits =
        (may.look || may.set_up).then(|| quiet_link(says.say("竞赛体系", "Circuits"), "/desk/circuits"));
    let people = quiet_link(
        if may.appoint {
            says.say("机构和人员", "Organisations and people")
        } else {
            says.say("我的角色", "My roles")
        },
        "/desk/people",
    );
    let interface = may.operate.then(|| quiet_link(says.say("接口说明", "Interface"), "/api/docs"));
    let title = el("div")
        .class("head")
        .add(el("h1").add(says.say("工作台", "Desk")))
        .add(el("p").class("acts").add(drills).add(own).add(circuits).add(people).add(interface));
    let mut page = vec![title];
    if may.look || may.set_up {
        let whole = section("competitions", says.say("大赛", "Competitions"));
        page.push(whole.add(search).add(count).add(list).add(pages));
    }
    if !rehearsals.is_empty() {
        let cards = rehearsals.into_iter().map(|listed| competition_card(listed, reader));
        let cards = el("ul").class("cards").add(cards.collect::<Vec<_>>());
        page.push(section("rehearsals", says.say("彩排", "Rehearsals")).add(cards));
    }
    page
}

fn competition_card(listed: &Listed, reader: Reader) -> Element {
    let at = format!("/desk/competition/{}", segment(&listed.competition.id));
    let count = text::skills(u32::try_from(listed.skills).unwrap_or(u32::MAX), reader.language);
    el("li")
        .class("card")
        .add(name("a", &reader.pick(&listed.competition.name), reader).set("href", at))
        .add(el("p").class("of").add(count))
}

pub(crate) fn section(id: &'static str, title: &'static str) -> Element {
    el("section").set("aria-labelledby", id).add(el("h2").set("id", id).add(title))
}

/// The choice of whose a competition becomes; none where there is nothing to choose.
fn place_field(may: HomeMay, places: &[Organisation], chosen: &str, reader: Reader) -> Option<Element> {
    let says = Says(reader.language);
    if places.is_empty() {
        return None;
    }
    let none = may.of_none.then(|| option("", chosen.is_empty(), says.say("（不属于机构）", "(of none)")));
    let mut options: Vec<Element> = none.into_iter().collect();
    options.extend(places.iter().map(|one| {
        let indent = "\u{3000}".repeat(one.depth);
        option(one.id.to_string(), one.id.as_str() == chosen, format!("{indent}{}", one.name))
    }));
    Some(field(says.say("主办机构", "Organisation"), el("select").set("name", "organisation").add(options)))
}

fn upload(may: HomeMay, places: &[Organisation], reader: Reader) -> Element {
    let says = Says(reader.language);
    let about = says.say(
        "一个 .zip：评分标准、选手、裁判和规则。上传后先检查，再由您开放各个赛项；包里的评分不会导入。",
        "A .zip: scheme, competitors, judges and rules. It is checked first, then you open each skill; marks in it are not taken in.",
    );
    let file = el("input")
        .set("type", "file")
        .set("name", "package")
        .set("accept", ".zip,application/zip")
        .set("required", "");
    let fields = form("/desk/competitions")
        .set("enctype", "multipart/form-data")
        .class("line")
        .add(place_field(may, places, "", reader))
        .add(field(says.say("文件", "File"), file))
        .add(button("primary", says.say("检查并上传", "Check and upload")));
    section("upload", says.say("上传赛事包", "Upload a package"))
        .add(el("p").class("about").add(about))
        .add(fields)
}

fn small(
    rule_sets: &[(String, Text)],
    (may, places): (HomeMay, &[Organisation]),
    typed: &Small,
    problem: Option<&Problem>,
    reader: Reader,
) -> Element {
    let says = Says(reader.language);
    let chosen = if typed.rule_set.is_empty() { "enterprise-drill" } else { typed.rule_set.as_str() };
    let options: Vec<Element> =
        rule_sets.iter().map(|(id, title)| option(id.clone(), id == chosen, reader.pick(title))).collect();
    let name = text_input("name", &typed.name)
        .set("maxlength", "200")
        .set("placeholder", says.say("2026 年厂内练兵", "Workshop drill 2026"));
    let skill = text_input("skill", &typed.skill)
        .set("maxlength", "200")
        .set("placeholder", says.say("焊工", "Welding"));
    let competitors = lines(
        "competitors",
        "6",
        says.say("李明远，一车间\n王秀兰，二车间", "Li Mingyuan, Shop 1\nWang Xiulan, Shop 2"),
        &typed.competitors,
    );
    let judges = lines(
        "judges",
        "4",
        says.say(
            "马建华，质检院\n胡爱民，技师学院",
            "Ma Jianhua, Test institute\nHu Aimin, Technical college",
        ),
        &typed.judges,
    );
    let aspects = lines(
        "aspects",
        "8",
        says.say(
            "外观无缺陷，10，测量\n操作规范，10，评判",
            "No visible defects, 10, measurement\nWorks by the rules, 10, judgement",
        ),
        &typed.aspects,
    );
    let of_competitors = says.say("选手：姓名，单位，代表队", "Competitors: name, organisation, delegation");
    let of_judges = says.say(
        "裁判：姓名，单位（第一行是裁判长）",
        "Judges: name, organisation (the first is the chief judge)",
    );
    let of_aspects = says.say(
        "评分点：内容，满分，测量或评判",
        "Aspects: what is looked at, maximum, measurement or judgement",
    );
    let random = el("small").add(says.say("代码随机生成。", "Codes are made at random."));
    let fields = form("/desk/small#small")
        .class("sheet")
        .add(field(says.say("大赛名称", "Competition"), name))
        .add(field(says.say("赛项", "Skill"), skill))
        .add(field(says.say("规则", "Rules"), el("select").set("name", "rule_set").add(options)))
        .add(place_field(may, places, &typed.organisation, reader))
        .add(field(of_competitors, competitors).class("wide").add(random))
        .add(field(of_judges, judges).class("wide"))
        .add(field(of_aspects, aspects).class("wide"))
        .add(button("primary", says.say("检查并新建", "Check and make it")));
    let about = says.say(
        "一个赛项，一页填完；列表一行一个，用逗号隔开。",
        "One skill on one page; lists are lines, with commas between the fields.",
    );
    section("small", says.say("新建小型比赛", "Make a small competition"))
        .add(el("p").class("about").add(about))
        .add(problem.map(wrong))
        .add(problem.and_then(|problem| findings(problem, reader)))
        .add(fields)
}

fn refused(problem: &Problem, back: &str, reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    let head =
        el("div").class("head").add(el("h1").add(says.say("没有办成", "Not done"))).add(wrong(problem));
    let back = el("a").class("primary").set("href", back.to_owned()).add(says.say("返回", "Back"));
    let mut page = vec![head];
    page.extend(findings(problem, reader));
    page.push(el("p").class("acts").add(back));
    page
}

/// Everything found in a document; nothing where nothing was.
pub(crate) fn findings(problem: &Problem, reader: Reader) -> Option<Element> {
    let says = Says(reader.language);
    let rows: Vec<Element> = problem
        .findings
        .iter()
        .map(|finding| {
            let (class, word) = match finding.severity {
                Severity::Error => ("is-error", says.say("错误", "Error")),
                Severity::Warning => ("is-warning", says.say("提醒", "Warning")),
            };
            let row = finding.row.map(|row| row.to_string()).unwrap_or_default();
            el("tr")
                .class(class)
                .add(el("td").add(el("strong").add(word)))
                .add(el("td").class("mono").add(finding.file.clone().unwrap_or_default()))
                .add(el("td").class("count").add(row))
                .add(el("td").class("mono").add(finding.column.clone().unwrap_or_default()))
                .add(el("td").add(finding.message.clone()))
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    let caption = match reader.language {
        Language::Chinese => format!("共 {} 条", rows.len()),
        Language::English => format!("{} findings", rows.len()),
    };
    let names = [
        says.say("程度", "Severity"),
        says.say("文件", "File"),
        says.say("行", "Row"),
        says.say("列", "Column"),
        says.say("问题和做法", "What is wrong and what to do"),
    ];
    let table = el("table").class("findings").add(el("caption").add(caption));
    Some(table.add(heading_cells(&names)).add(el("tbody").add(rows)))
}
