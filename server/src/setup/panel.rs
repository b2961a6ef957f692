//! Who marks which sub-criterion, set one by one: whom a judge may not mark is said beside them, and what keeps
//! the skill from opening before it is kept.

use domain::finding::{Finding, Language};
use domain::id::SubCriterionId;
use domain::ledger::{Hash, canonical};
use domain::marking::{Opening, OpeningFinding, Panel, Seat, check_opening};
use protocol::setup::{PanelJudge, PanelRow, Panels, Sits};
use protocol::view::Text;

use super::*;
use crate::competition::KeptSkill;
use crate::exchange::package::{behind, named_units, unless_everyone};

/// A form: who sits where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PanelForm {
    seen: String,
    /// Whether a button asked for every judge everywhere.
    is_everyone: bool,
    chosen: Vec<(SubCriterionId, Vec<(JudgeCode, bool)>)>,
}

/// What a form's button asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PanelAct {
    /// To be kept.
    Save,
    /// To be shown once more, with something filled in.
    Look,
}

impl PanelForm {
    /// Reads a form in the order of the page: `s` begins a sub-criterion, `seat` says of a judge how they sit:
    /// `counts J1`, `trainee J1`. A button fills in a column (`all J1`, `none J1`) or a row (`row A1`).
    pub(crate) fn of_pairs(pairs: &[(String, String)]) -> (Self, PanelAct) {
        let mut form = Self::default();
        let (mut asked, mut judges) = ("save", Vec::new());
        for (name, value) in pairs {
            match name.as_str() {
                "seen" => form.seen.clone_from(value),
                "judge" => judges.push(JudgeCode::from(value.as_str())),
                "act" => asked = value,
                "s" => form.chosen.push((SubCriterionId::from(value.as_str()), Vec::new())),
                "seat" => {
                    let seat = value.split_once(' ').filter(|(how, _)| matches!(*how, "counts" | "trainee"));
                    if let (Some((how, judge)), Some((_, seats))) = (seat, form.chosen.last_mut()) {
                        seats.push((judge.into(), how == "counts"));
                    }
                }
                _ => {}
            }
        }
        let Some((what, of)) = asked.split_once(' ') else {
            form.is_everyone = asked == "everyone";
            return (form, if asked == "save" { PanelAct::Save } else { PanelAct::Look });
        };
        for (sub, seats) in &mut form.chosen {
            let sits =
                |judge: &JudgeCode, seats: &[(JudgeCode, bool)]| seats.iter().any(|(one, _)| one == judge);
            match what {
                "none" => seats.retain(|(judge, _)| judge.as_str() != of),
                "all" if !sits(&of.into(), seats) => seats.push((of.into(), true)),
                "row" if sub.as_str() == of => {
                    let more = judges.iter().filter(|judge| !sits(judge, seats)).cloned().collect::<Vec<_>>();
                    seats.extend(more.into_iter().map(|judge| (judge, true)));
                }
                _ => {}
            }
        }
        (form, PanelAct::Look)
    }

    /// The panels that it says, for a skill: in the scheme's order, whoever sat there already in their seats'
    /// order. None where everybody marks everything: then a judge who is added later does so too.
    fn panels(&self, kept: &KeptSkill<SkillDocument>) -> Vec<Panel> {
        let Some(draft) = kept.draft.as_ref().filter(|_| !self.is_everyone) else { return Vec::new() };
        let panel = |sub: &SubCriterionId| {
            let chosen =
                self.chosen.iter().find(|(known, _)| known == sub).map(|(_, seats)| seats.as_slice());
            let chosen = chosen.unwrap_or_default();
            let before = draft.panels.iter().find(|panel| panel.sub_criterion == *sub);
            let before: Vec<&JudgeCode> =
                before.iter().flat_map(|panel| panel.seats.iter().map(|seat| &seat.judge)).collect();
            let judges = kept.document.judges.iter().map(|judge| &judge.code);
            let mut seats: Vec<Seat> = judges
                .filter_map(|judge| chosen.iter().find(|(one, _)| one == judge))
                .map(|(judge, counts)| Seat { counts: *counts, judge: judge.clone() })
                .collect();
            seats.sort_by_key(|seat| before.iter().position(|one| **one == seat.judge).unwrap_or(usize::MAX));
            Panel { seats, sub_criterion: sub.clone() }
        };
        let panels: Vec<Panel> = draft.scheme.sub_criteria().map(|(_, sub)| panel(&sub.id)).collect();
        unless_everyone(panels, &draft.scheme, &kept.document.judges)
    }
}

/// Who marks which sub-criterion of a skill, as it is set.
///
/// # Errors
/// Where there is no such skill, or the database does not answer.
pub(crate) async fn panels(app: &App, skill: &LedgerId) -> Result<Panels, Failure> {
    let (competition, kept) = find(app, skill).await?;
    shown(app, competition, &kept, None).await
}

/// The same, as a form chose it. Where it was refused since somebody else changed something, it has now seen that;
/// where it is only looked at, it has seen what it had.
///
/// # Errors
/// Where there is no such skill, or the database does not answer.
pub(crate) async fn chosen(
    app: &App,
    skill: &LedgerId,
    form: &PanelForm,
    was_refused: bool,
) -> Result<Panels, Failure> {
    let (competition, mut kept) = find(app, skill).await?;
    let panels = form.panels(&kept);
    let seen = if was_refused { seen(&kept) } else { form.seen.clone() };
    if let Some(draft) = kept.draft.as_mut() {
        draft.panels = panels;
    }
    shown(app, competition, &kept, Some(seen)).await
}

/// Keeps what a form chose.
///
/// # Errors
/// Where a panel would keep the skill from opening, somebody else changed something meanwhile, or it is open.
pub(crate) async fn keep(app: &App, skill: &LedgerId, form: &PanelForm) -> Result<(), Failure> {
    let (mut changing, at) = hold_skill(app, skill).await?;
    let Some(kept) = changing.skills.get_mut(at) else { return Err(Failure::not_found()) };
    let panels = form.panels(kept);
    // Where it is so already, an earlier answer was lost on its way.
    let is_so = kept.draft.as_ref().is_some_and(|draft| draft.panels == panels);
    if seen(kept) != form.seen && !is_so {
        return Err(SetupError::PanelsChanged.into());
    }
    let name = kept.document.name.zh.clone();
    kept.draft.as_mut().ok_or(SetupError::Fixed { skill: name })?.panels = panels;
    // A panel that nobody sits on is a slip; too few judges may be a matter of the next days.
    let empty = |finding: &&Finding| finding.code == "panel_missing";
    if let Some(finding) = kept.opening().as_ref().map(check_opening).unwrap_or_default().iter().find(empty) {
        return Err(SetupError::PanelsUnfit { problem: Spoken::from(finding) }.into());
    }
    changing.keep(at).await.map_err(failed)?;
    changing.commit().await.map_err(failed)
}

async fn find(app: &App, skill: &LedgerId) -> Result<(String, KeptSkill<SkillDocument>), Failure> {
    let id = competition::of_skill(&app.database, skill).await.map_err(failed)?;
    Ok((id, desk::find(app, skill).await.map_err(failed)?))
}

/// What tells one state of a skill's judges, sub-criteria and panels from another.
fn seen(kept: &KeptSkill<SkillDocument>) -> String {
    let draft = kept.draft.as_ref();
    let judges: Vec<&JudgeCode> = kept.document.judges.iter().map(|judge| &judge.code).collect();
    let subs: Vec<&SubCriterionId> =
        draft.iter().flat_map(|draft| draft.scheme.sub_criteria().map(|(_, sub)| &sub.id)).collect();
    let panels = draft.map(|draft| draft.panels.as_slice()).unwrap_or_default();
    Hash::of_document(&canonical::to_vec(&(judges, subs, panels)).unwrap_or_default()).to_string()
}

async fn shown(
    app: &App,
    competition: String,
    kept: &KeptSkill<SkillDocument>,
    already_seen: Option<String>,
) -> Result<Panels, Failure> {
    let state = app.ledger.state(&kept.ledger).await;
    let state = state.map_err(|error| SetupError::Failed { problem: error.spoken() })?;
    let pinned = state.skill.as_ref().map(|skill| skill.opening.clone());
    let is_open = pinned.is_some();
    let opening = pinned.or_else(|| kept.opening()).ok_or_else(Failure::not_found)?;
    let is_sealed = state.coding.as_ref().is_some_and(|coding| coding.is_sealed);
    let people = behind(&kept.document.people, state.coding.as_deref());
    let judges = judges(kept, &opening, &named_units(&people));
    let rows = opening.scheme.sub_criteria().map(|(_, sub)| PanelRow {
        sub_criterion: sub.id.to_string(),
        name: sub.name.clone(),
        day: sub.day,
        aspects: sub.aspects.len(),
        sits: judges.iter().map(|judge| sits(&opening, &sub.id, &judge.code)).collect(),
    });
    Ok(Panels {
        skill: desk::skill_ref(kept),
        competition,
        is_open,
        is_own: is_open || kept.draft.as_ref().is_some_and(|draft| !draft.panels.is_empty()),
        is_sealed,
        rows: rows.collect(),
        found: found(&opening),
        seen: already_seen.unwrap_or_else(|| seen(kept)),
        judges,
    })
}

fn judges(
    kept: &KeptSkill<SkillDocument>,
    opening: &Opening,
    names: &[(domain::id::CompetitorCode, String)],
) -> Vec<PanelJudge> {
    let barred = |judge: &Judge| {
        let of = opening.conflicts.iter().filter(|conflict| conflict.judge == judge.code);
        of.map(|conflict| {
            let known = names.iter().find(|(code, _)| *code == conflict.competitor);
            known.cloned().unwrap_or_else(|| (conflict.competitor.clone(), String::new()))
        })
        .collect()
    };
    let one = |judge: &Judge| PanelJudge {
        code: judge.code.clone(),
        name: judge.name.clone(),
        is_chief: judge.is_chief,
        barred: barred(judge),
    };
    kept.document.judges.iter().map(one).collect()
}

fn sits(opening: &Opening, sub: &SubCriterionId, judge: &JudgeCode) -> Sits {
    let seats = opening.panel(sub).map(|panel| panel.seats.as_slice()).unwrap_or_default();
    match seats.iter().find(|seat| seat.judge == *judge) {
        None => Sits::No,
        Some(seat) if seat.counts => Sits::Counts,
        Some(_) => Sits::Trainee,
    }
}

/// What the check of the opening says of judges and panels.
fn found(opening: &Opening) -> Vec<(bool, Text)> {
    const OF_PANELS: [&str; 6] = [
        "panel_missing",
        "repeated_seat",
        "too_few_judges",
        "too_few_for_panel",
        "too_many_judges",
        "seat_barred",
    ];
    debug_assert!(OF_PANELS.iter().all(|code| OpeningFinding::CODES.contains(code)));
    let all = check_opening(opening).into_iter().filter(|finding| OF_PANELS.contains(&finding.code));
    all.map(|finding| {
        let text = Text {
            zh: finding.say(Language::Chinese).to_owned(),
            en: finding.say(Language::English).to_owned(),
        };
        (finding.is_error(), text)
    })
    .collect()
}
