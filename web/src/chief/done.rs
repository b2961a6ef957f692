//! What was done before, as the page says it afterwards, and the page's own addresses.

use domain::finding::Language;
use domain::id::{CompetitorCode, JudgeCode, is_fit};
use protocol::chief::Seated;

use crate::desk::Says;
use crate::format::{Reader, segment};
use crate::node::{Element, el};

/// What was done, as the page says it afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChiefDone {
    /// It is in the ledger.
    Entered,
    /// So many of so many entries are.
    EnteredOf(usize, usize),
    /// What a tablet's file held.
    Carried {
        /// So much counts now.
        entered: usize,
        /// So much had arrived before.
        was_there_before: usize,
        /// So much waits for a decision.
        waits: usize,
        /// So much the rules refused.
        refused: usize,
    },
    /// Seats are given away.
    Seated(Seated),
    /// It waits for a second person.
    Proposed,
    /// Another's proposal was confirmed.
    Confirmed,
    /// A proposal was taken back.
    Retracted,
    /// A competitor is called.
    Called,
    /// A call is ended.
    CallEnded,
}

impl ChiefDone {
    const WORDS: [(Self, &'static str); 6] = [
        (Self::Entered, "entered"),
        (Self::Proposed, "proposed"),
        (Self::Confirmed, "confirmed"),
        (Self::Retracted, "retracted"),
        (Self::Called, "called"),
        (Self::CallEnded, "call-ended"),
    ];

    /// Its word in addresses.
    #[must_use]
    pub fn word(&self) -> String {
        match self {
            // No code holds a line's end.
            Self::Seated(Seated { panels, leaves, comes, competitor }) => {
                let comes = comes.as_ref().map_or("", JudgeCode::as_str);
                let competitor = competitor.as_ref().map_or("", CompetitorCode::as_str);
                format!("seated\n{panels}\n{leaves}\n{comes}\n{competitor}")
            }
            Self::EnteredOf(entered, of) => format!("{entered}-of-{of}"),
            Self::Carried { entered, was_there_before, waits, refused } => {
                format!("carried-{entered}-{was_there_before}-{waits}-{refused}")
            }
            done => {
                Self::WORDS.iter().find(|(known, _)| known == done).map_or("", |(_, word)| word).to_owned()
            }
        }
    }

    /// Reads what [`ChiefDone::word`] writes.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let known = Self::WORDS.iter().find(|(_, known)| *known == word).map(|(done, _)| done.clone());
        known.or_else(|| {
            if let Some(parts) = word.strip_prefix("seated\n") {
                let [panels, leaves, comes, competitor] =
                    parts.split('\n').collect::<Vec<_>>().try_into().ok()?;
                return Some(Self::Seated(Seated {
                    panels: panels.parse().ok()?,
                    leaves: leaves.into(),
                    comes: Some(comes).filter(|code| is_fit(code)).map(Into::into),
                    competitor: Some(competitor).filter(|code| is_fit(code)).map(Into::into),
                }));
            }
            if let Some(counts) = word.strip_prefix("carried-") {
                let counts: Option<Vec<usize>> = counts.split('-').map(|count| count.parse().ok()).collect();
                let [entered, was_there_before, waits, refused] = counts?.try_into().ok()?;
                return Some(Self::Carried { entered, was_there_before, waits, refused });
            }
            let (entered, of) = word.split_once("-of-")?;
            Some(Self::EnteredOf(entered.parse().ok()?, of.parse().ok()?))
        })
    }
}

/// An address of the page or of one of its forms: with what is looked for, so that it still is
/// afterwards, and what was done.
#[must_use]
pub fn chief_address(path: &str, find: &str, done: Option<&ChiefDone>) -> String {
    let done = done.map(|done| format!("done={}", segment(&done.word())));
    let find = (!find.is_empty()).then(|| format!("find={}", segment(find)));
    let query: Vec<String> = [done, find].into_iter().flatten().collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}

pub(super) fn told(done: &ChiefDone, reader: Reader) -> Element {
    let says = Says(reader.language);
    let words = match done {
        ChiefDone::Entered => says.say("办好了，已记入账本。", "Done: it is in the ledger.").to_owned(),
        ChiefDone::EnteredOf(entered, of) => entered_of(*entered, *of, reader),
        ChiefDone::Seated(seated) => self::seated(seated, reader),
        ChiefDone::Carried { entered, was_there_before, waits, refused } => match reader.language {
            Language::Chinese => format!(
                "文件已导入：{entered} 项计入，{was_there_before} 项此前已收到，{waits} 项等您决定，{refused} 项规则不允许。"
            ),
            Language::English => format!(
                "The file is taken in: {entered} count now, {was_there_before} had arrived before, {waits} wait for your decision, {refused} the rules refused."
            ),
        },
        ChiefDone::Proposed => says
            .say(
                "已请第二个人确认；在组委会工作台或另一位裁判长的页面上确认后才生效。",
                "A second person was asked; it holds once they confirm it, at the organisers' desk or on another chief judge's page.",
            )
            .to_owned(),
        ChiefDone::Confirmed => {
            says.say("您已确认，已记入账本。", "You confirmed it, and it is in the ledger.").to_owned()
        }
        ChiefDone::Called => says
            .say(
                "已叫号；评分组的平板正在转过去。没有连网的，连上后再转。",
                "Called: the panel's tablets are going there; one that is not connected goes once it is.",
            )
            .to_owned(),
        ChiefDone::CallEnded => says
            .say("叫号已结束；平板留在原处。", "The call is ended; the tablets stay where they are.")
            .to_owned(),
        ChiefDone::Retracted => says.say("已撤回，没有生效。", "Taken back; nothing was changed.").to_owned(),
    };
    el("p").class("note done").set("role", "status").add(words)
}

fn seated(seated: &Seated, reader: Reader) -> String {
    let Seated { panels, leaves, comes, competitor } = seated;
    let panels = match reader.language {
        Language::Chinese => format!("，评分组 {panels} 个"),
        Language::English => format!(", panels: {panels}"),
    };
    let words = match (comes, competitor, reader.language) {
        (Some(comes), Some(code), Language::Chinese) => {
            format!("办好了：选手 {code} 由 {comes} 代 {leaves} 评")
        }
        (Some(comes), Some(code), Language::English) => {
            format!("Done: {comes} marks competitor {code} for {leaves}")
        }
        (Some(comes), None, Language::Chinese) => format!("办好了：{leaves} 的席位由 {comes} 接任"),
        (Some(comes), None, Language::English) => format!("Done: {comes} has the seat of {leaves} now"),
        (None, Some(code), Language::Chinese) => format!("办好了：{leaves} 不评选手 {code}，席位空着"),
        (None, Some(code), Language::English) => {
            format!("Done: {leaves} does not mark competitor {code}, and nobody does instead")
        }
        (None, None, Language::Chinese) => format!("办好了：{leaves} 已离席，席位空着"),
        (None, None, Language::English) => format!("Done: {leaves} has left, and the seat is empty"),
    };
    match reader.language {
        Language::Chinese => format!("{words}{panels}。要改，再换一次裁判。"),
        Language::English => format!("{words}{panels}. To change it, replace once more."),
    }
}

fn entered_of(entered: usize, of: usize, reader: Reader) -> String {
    if of == 0 {
        let none = "没有要办的了，都已经在账本里。";
        return Says(reader.language)
            .say(none, "Nothing was left to do: it is all in the ledger.")
            .to_owned();
    }
    match (reader.language, entered == of) {
        (Language::Chinese, true) => format!("办好了，{of} 条已记入账本。"),
        (Language::English, true) => format!("Done: entries in the ledger: {of}."),
        (Language::Chinese, false) => {
            format!("{of} 条中 {entered} 条已记入账本；其余的在此期间有了变动，仍在下面，请看过再办。")
        }
        (Language::English, false) => format!(
            "Of {of} entries {entered} are in the ledger; the rest changed meanwhile and still stand below: look at them again."
        ),
    }
}
