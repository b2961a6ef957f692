//! What a skill lacks before it can open, each with where it is mended.

use domain::finding::{Finding, Language};
use domain::marking::{OpeningFinding, check_opening};
use protocol::setup::{Mending, Missing};
use protocol::view::Text;

use crate::competition::KeptSkill;
use crate::exchange::package::SkillDocument;

/// In the order in which organisers go about it; empty where it can open. What has no draft was imported with
/// its marks, and lacks nothing that could be mended here.
#[must_use]
pub(crate) fn missing(kept: &KeptSkill<SkillDocument>) -> Vec<Missing> {
    let Some(draft) = &kept.draft else { return Vec::new() };
    let plain = |zh: &str, en: &str, at| Missing { what: Text { zh: zh.to_owned(), en: en.to_owned() }, at };
    let mut missing = Vec::new();
    let has_scheme = draft.scheme.aspects().next().is_some();
    if !has_scheme {
        missing.push(plain("还没有评分标准", "There is no marking scheme yet", Mending::Scheme));
    }
    if kept.document.people.is_empty() {
        missing.push(plain("还没有选手", "There are no competitors yet", Mending::Roster));
    }
    if kept.document.judges.is_empty() {
        missing.push(plain("还没有裁判", "There are no judges yet", Mending::Judges));
    }
    if !missing.is_empty() {
        // What the rules say of the whole would only repeat it.
        return missing;
    }
    let Some(opening) = kept.opening() else {
        missing.push(plain(
            "评分标准写不成记录",
            "The scheme cannot be written as an entry",
            Mending::Scheme,
        ));
        return missing;
    };
    missing.extend(check_opening(&opening).into_iter().filter(Finding::is_error).map(|finding| Missing {
        what: Text {
            zh: finding.say(Language::Chinese).trim_end_matches('。').to_owned(),
            en: finding.say(Language::English).trim_end_matches('.').to_owned(),
        },
        at: mending(finding.code, !draft.panels.is_empty()),
    }));
    missing
}

fn mending(code: &str, has_panels: bool) -> Mending {
    match code {
        "panel_missing" | "too_few_judges" | "too_few_for_panel" if has_panels => Mending::Panels,
        "no_competitors" | "too_many_competitors" | "repeated_competitor" => Mending::Roster,
        code if OpeningFinding::CODES.contains(&code) && code != "too_fine" => Mending::Judges,
        _ => Mending::Scheme,
    }
}
