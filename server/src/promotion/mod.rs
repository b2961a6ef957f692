//! Promotions (晋级): who goes on from the results of some skills to a skill above, by which rule, and who confirmed
//! it (docs/adr/0033). Who does is `domain::advancement`'s to say; they come onto the list above as registrations.

mod acts;
mod look;
mod queries;
mod rule;
mod source;

use axum::http::StatusCode;
use domain::advancement::{Key, RuleError};
use domain::finding::{Place, Spoken};
use domain::findings;
use domain::id::{CompetitorCode, LedgerId};
use sqlx::AnyConnection;

use crate::http::Failure;

pub(crate) use acts::{confirm, draw, give_up, put_back};
pub(crate) use look::{flows, look, one, overview};
pub(crate) use rule::{keep, keep_for_all, proposed};

/// How many skills below a rule names at most.
const FEEDERS_MAX: usize = 1_000;
/// The most characters of a reason.
const REASON_MAX: usize = 200;

findings! {
    /// Why something was not done with promotions.
    pub enum PromotionError {
        RuleUnfit { problem: Spoken } = Error "promotion_rule_unfit",
            "{problem:#}还没有保存，您填的都还在。",
            "{problem} Nothing was saved; what you typed is still here.";
        RuleChanged = Error "promotion_rule_changed",
            "您打开之后，别人改了晋级规则；还没有保存，您填的都还在，请核对后再保存。",
            "Somebody else changed the rule after you opened it; nothing was saved. What you typed is still here: look it over, then save.";
        ChoiceUnknown = Error "promotion_choice_unknown",
            "请从列表里选。",
            "Choose from the lists.";
        NoFeeder = Error "promotion_no_feeder",
            "还没有选下级赛项；请至少勾选一个。",
            "No skill below is chosen; tick one at least.";
        FeederUnknown = Error "promotion_feeder_unknown",
            "所选赛项中有一个不在这个竞赛体系的同级或下级大赛里，或者您看不到它的结果；请重新选择。",
            "One of the skills chosen is in no competition of this tier or a lower one of the circuit, or its results are not yours to see; choose again.";
        TooManyFeeders { most: usize } = Error "promotion_too_many_feeders",
            "最多选 {most} 个下级赛项。",
            "A rule names {most} skills below at the most.";
        Fixed { skill: String } = Error "promotion_fixed",
            "赛项“{skill}”已经抽签或开放，名单不能再变；什么都没有改。",
            "The skill \"{skill}\" is drawn or open, and its list is fixed; nothing was changed.";
        NobodyChosen = Error "promotion_nobody_chosen",
            "还没有选人；请先勾选。",
            "Nobody is chosen yet; tick somebody first.";
        Changed = Error "promotion_changed",
            "您打开之后，成绩或晋级记录有变动；请看过现在的内容再办。什么都没有改。",
            "The results or the promotions changed after you opened the page; look at them as they are now. Nothing was changed.";
        NoReason { most: usize } = Error "promotion_no_reason",
            "请写明原因，不超过 {most} 个字；它会留在记录里。",
            "Say why, in {most} characters at the most; it stays on record.";
        NoLot = Error "promotion_no_lot",
            "这些人现在不需要抽签；请刷新页面。",
            "No lot is wanted among these now; load the page again.";
        Unreadable = Error "promotion_unreadable",
            "选手的证件号是用另一把密钥加密的，读不出来；请把原来的密钥文件放回去，再启动服务器。",
            "The competitors' numbers were sealed with another key and cannot be read; put the earlier key file back and start the server again.";
        Failed { problem: Spoken } = Error "promotion_failed", "{problem:#}。", "{problem}.";
    }
}

/// Where a promotion stands, as kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stands {
    /// The rule decides.
    Open,
    /// Confirmed.
    Confirmed,
    /// Given up, or taken away.
    Out,
}

impl Stands {
    const ALL: [(Self, &'static str); 3] =
        [(Self::Open, "open"), (Self::Confirmed, "confirmed"), (Self::Out, "out")];

    fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(known, _)| *known == self).map_or("", |(_, word)| word)
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(known, _)| *known)
    }
}

/// How somebody is called in forms: the skill below, a blank, and their code there.
fn key_text((skill, code): &Key) -> String {
    format!("{skill} {code}")
}

fn read_key(text: &str) -> Option<Key> {
    let (skill, code) = text.split_once(' ')?;
    Some((LedgerId::from(skill), CompetitorCode::from(code)))
}

/// Why something is done, as it was typed.
fn reason(why: &str) -> Result<&str, PromotionError> {
    let why = why.trim();
    let is_fit = !why.is_empty() && why.chars().count() <= REASON_MAX && !why.chars().any(char::is_control);
    if is_fit { Ok(why) } else { Err(PromotionError::NoReason { most: REASON_MAX }) }
}

/// For which place what was said of a promotion is sealed.
fn of_step(id: &str, number: i64) -> String {
    format!("promotion:{id}:{number}")
}

/// Forgets the rule of a skill that is removed; false where somebody was promoted to it.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn forget_skill(connection: &mut AnyConnection, skill: &LedgerId) -> Result<bool, Failure> {
    let count = sqlx::query_scalar::<_, i64>(queries::COUNT).bind(skill.as_str());
    if count.fetch_one(&mut *connection).await.map_err(failed)? > 0 {
        return Ok(false);
    }
    for delete in [queries::DELETE_LOTS, queries::DELETE_RULE] {
        sqlx::query(delete).bind(skill.as_str()).execute(&mut *connection).await.map_err(failed)?;
    }
    Ok(true)
}

fn failed(error: sqlx::Error) -> Failure {
    PromotionError::from(error).into()
}

fn begun(error: crate::database::DatabaseError) -> Failure {
    PromotionError::Failed { problem: error.spoken() }.into()
}

impl From<sqlx::Error> for PromotionError {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed { problem: crate::spoken::of_database(&error) }
    }
}

impl From<RuleError> for PromotionError {
    fn from(error: RuleError) -> Self {
        use domain::finding::Language::{Chinese, English};
        Self::RuleUnfit { problem: Spoken::new(error.say(Chinese), error.say(English)) }
    }
}

impl From<PromotionError> for Failure {
    fn from(error: PromotionError) -> Self {
        use PromotionError as E;
        let status = match error {
            E::RuleChanged | E::Fixed { .. } | E::Changed | E::NoLot => StatusCode::CONFLICT,
            E::Unreadable | E::Failed { .. } => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Self::new(status, error.at(Place::default()))
    }
}
