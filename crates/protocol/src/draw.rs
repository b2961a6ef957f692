//! The draw and its layers of codes: as they are run at the desk, and as they are published.

use std::collections::BTreeMap;

use domain::draw::{Codes, Lot, commitment, list_hash};
use domain::findings;
use domain::id::{CompetitorCode, EntryId};
use domain::ledger::Hash;
use serde::{Deserialize, Serialize};

use crate::view::{CompetitionRef, SkillRef, Text};

/// The form that begins a draw of skills that have none yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewDraw {
    /// `public`, or how many sealed layers: `1`, `2`, `3`.
    pub layers: String,
    /// Where the seed will come from.
    pub source: String,
    /// One skill's id; empty for all that can be drawn.
    #[serde(default)]
    pub skill: String,
}

/// The form that commits to a layer, or seals it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfLayer {
    /// Which, from 1.
    pub layer: u32,
}

/// The form that enters the seed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seed {
    /// As its source gave it.
    pub seed: String,
}

/// The form by which a layer's maker says that its slips are on paper.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Printed {
    /// Which layer.
    pub layer: u32,
    /// What [`Slips::seen`] said: of these slips, and no others.
    pub seen: String,
}

/// The form by which one of two opens a layer: the slip that they keep.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slip {
    /// Which layer.
    pub layer: u32,
    /// The words on the slip.
    pub words: String,
}

/// The form by which one of two throws a draw away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Throw {
    /// Why; with the second person nothing.
    #[serde(default)]
    pub reason: String,
}

/// Every draw of a competition, as somebody at the desk sees them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draws {
    /// The competition.
    pub competition: CompetitionRef,
    /// What whoever looks may do.
    pub may: MayDraw,
    /// Skills that can be drawn: they have people, are not open, and have no draw.
    pub ready: Vec<SkillRef>,
    /// The draws, newest first.
    pub draws: Vec<Drawing>,
}

/// What somebody may do about draws.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MayDraw {
    /// Begin one, and throw one away.
    pub plan: bool,
    /// Draw in public, and enter seeds.
    pub draw: bool,
    /// Make sealed layers and open them.
    pub encode: bool,
    /// Be the second person to throwing one away.
    pub second: bool,
    /// Be there for the supervision when a layer is opened.
    pub witness: bool,
}

/// One draw of some skills.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawing {
    /// Its id.
    pub id: String,
    /// When it was begun, milliseconds since 1970 UTC.
    pub at: i64,
    /// Whether codes are sealed; else the draw is public.
    pub is_sealed: bool,
    /// Where the seed comes from.
    pub source: String,
    /// The seed, once it is entered.
    pub seed: Option<String>,
    /// Its layers, the outermost first.
    pub layers: Vec<DrawingLayer>,
    /// Its skills.
    pub skills: Vec<DrawnSkill>,
    /// A layer that somebody has begun to open, until a witness says so too.
    pub opening: Option<Waits>,
    /// That somebody wants it thrown away, until a second person says so too.
    pub throwing: Option<Waits>,
    /// Why it was thrown away of some of its skills.
    pub thrown: Vec<String>,
    /// Whether it was of all of them.
    pub is_thrown: bool,
}

/// A layer of a draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrawingLayer {
    /// Which, from 1.
    pub layer: u32,
    /// What its codes look like.
    pub codes: Codes,
    /// Who committed to it; none yet.
    pub maker: Option<String>,
    /// Whether that is whoever looks.
    pub is_mine: bool,
    /// Whether it lies sealed under the slips.
    pub is_sealed: bool,
    /// In how many skills it is open.
    pub open_in: usize,
}

/// What waits for a second person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waits {
    /// Who began it.
    pub by: String,
    /// Whether that is whoever looks: then they are not the second.
    pub is_mine: bool,
    /// Which layer; 0 where it is of the whole draw.
    pub layer: u32,
    /// Why, where it was said.
    pub reason: String,
}

/// A skill of a draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrawnSkill {
    /// The skill.
    pub skill: SkillRef,
    /// How many codes there are, or will be.
    pub units: usize,
    /// Whether it is open for marking, or was.
    pub is_open: bool,
    /// Whether marking is over and everything is locked, so that its codes can be opened.
    pub is_ready: bool,
    /// How many sheets are not locked yet, once marking is over.
    pub unlocked: usize,
    /// The layer that is opened next; none before the draw, and once all are open.
    pub next: Option<u32>,
}

/// What its own maker prints of a layer before it is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerCards {
    /// The competition.
    pub competition: CompetitionRef,
    /// The draw's id.
    pub draw: String,
    /// Which layer.
    pub layer: u32,
    /// Of how many.
    pub of: u32,
    /// Whether it lies sealed already: then nothing is shown any more.
    pub is_sealed: bool,
    /// What they look like.
    pub codes: Codes,
    /// The pairs, skill by skill, in the order of what the layer is drawn over.
    pub skills: Vec<(SkillRef, Vec<LayerCard>)>,
}

/// Who, or which outer code, got which code of a layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerCard {
    /// The entry number, team or outer code.
    pub from: CompetitorCode,
    /// The name, of the outermost layer alone.
    pub name: String,
    /// The code.
    pub to: CompetitorCode,
}

/// The slips that a layer was sealed under, shown once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slips {
    /// The competition.
    pub competition: CompetitionRef,
    /// The draw's id.
    pub draw: String,
    /// Which layer.
    pub layer: u32,
    /// For whoever made it, the supervision and the organisers' safe; any two open it.
    pub words: [String; 3],
    /// What tells these slips from others of the same layer.
    pub seen: String,
}

/// Everything that was published of a competition's draws; anybody can repeat them with it (docs/draw.md).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Published {
    /// The competition.
    pub competition: CompetitionRef,
    /// Its skills that have a draw.
    pub skills: Vec<PublishedDraw>,
    /// Draws that were thrown away, oldest first.
    #[serde(default)]
    pub thrown: Vec<PublishedThrown>,
}

/// A draw that was thrown away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PublishedThrown {
    /// When it was thrown away, milliseconds since 1970 UTC.
    pub at: i64,
    /// Where its seed was to come from.
    pub source: String,
    /// The seed, where it was entered already.
    pub seed: Option<String>,
    /// Why.
    pub reason: String,
    /// Of which skills.
    pub skills: Vec<SkillRef>,
}

/// The draw of one skill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PublishedDraw {
    /// The skill's id.
    pub skill: String,
    /// Its name.
    pub name: Text,
    /// Its number.
    pub number: String,
    /// Whether codes are kept back until marking is over.
    pub is_sealed: bool,
    /// Where the seed comes from.
    pub source: String,
    /// The seed, once it is entered.
    pub seed: Option<String>,
    /// The hash of the list that is drawn over.
    pub list_hash: Hash,
    /// That list, once it may be told.
    pub list: Option<Vec<CompetitorCode>>,
    /// Who is behind the entries of the list, as far as that is told.
    #[serde(default)]
    pub names: BTreeMap<CompetitorCode, String>,
    /// The layers, the outermost first.
    pub layers: Vec<PublishedLayer>,
}

/// One layer of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PublishedLayer {
    /// Which, from 1.
    pub layer: u32,
    /// What its codes look like.
    pub codes: Codes,
    /// The commitment to its secret.
    pub commitment: Hash,
    /// When it was committed to, milliseconds since 1970 UTC.
    pub committed_at: i64,
    /// The ledger's entry that says so.
    pub entry: EntryId,
    /// Its codes, sorted, once they are drawn.
    pub drawn: Option<Vec<CompetitorCode>>,
    /// Its secret, once it may be told.
    pub secret: Option<String>,
}

findings! {
    /// What does not fit in a published draw.
    pub enum DrawFinding {
        OtherList = Error "draw_other_list",
            "名单不是抽签时的名单：它的哈希值与公布的不符。",
            "The list is not the one that was drawn over: its hash is not the published one.";
        OtherSecret { layer: u32 } = Error "draw_other_secret",
            "第 {layer} 层的密值不是抽签前承诺的那个。",
            "The secret of layer {layer} is not the one that was committed to before the draw.";
        OtherCodes { layer: u32 } = Error "draw_other_codes",
            "第 {layer} 层重算得到的编码与公布的不同。",
            "Repeating layer {layer} gives other codes than were published.";
        NotTold { layer: u32 } = Warning "draw_not_told",
            "第 {layer} 层的密值还没有公布，现在不能重算。",
            "The secret of layer {layer} is not told yet; it cannot be repeated now.";
    }
}

/// Who of the list, or which code of the layer outside, got which code.
pub type Pairs = BTreeMap<CompetitorCode, CompetitorCode>;

impl PublishedDraw {
    /// Repeats the draw as far as it is told: each layer with who got which code, and what does not fit.
    #[must_use]
    pub fn repeat(&self) -> (Vec<(u32, Pairs)>, Vec<DrawFinding>) {
        let (mut repeated, mut found) = (Vec::new(), Vec::new());
        let mut list = self.list.as_deref();
        if list.is_some_and(|list| list_hash(list) != self.list_hash) {
            found.push(DrawFinding::OtherList);
        }
        for PublishedLayer { layer, codes, commitment: committed, drawn, secret, .. } in &self.layers {
            let outer = std::mem::replace(&mut list, drawn.as_deref());
            let (Some(secret), Some(seed)) = (secret, &self.seed) else {
                found.push(DrawFinding::NotTold { layer: *layer });
                continue;
            };
            if commitment(secret) != *committed {
                found.push(DrawFinding::OtherSecret { layer: *layer });
            }
            let Some(outer) = outer else { continue };
            let pairs = Lot { skill: &self.skill, layer: *layer, secret, seed }.draw(outer, *codes);
            let mut given: Vec<&CompetitorCode> = pairs.values().collect();
            given.sort();
            if !given.into_iter().eq(drawn.iter().flatten()) {
                found.push(DrawFinding::OtherCodes { layer: *layer });
            }
            repeated.push((*layer, pairs));
        }
        (repeated, found)
    }
}
