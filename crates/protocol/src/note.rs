//! Notes: what a judge writes of a cell, or photographs there, besides marking it. They change no result
//! and are in no ledger; who may see them is said in docs/adr/0014.

use domain::id::{AspectId, CompetitorCode, EntryId, JudgeCode, LedgerId};
use serde::{Deserialize, Serialize};

use crate::view::{SkillRef, Text};

/// The most characters of a note.
pub const TEXT_MAX: usize = 500;
/// The most bytes of a photo.
pub const PHOTO_BYTES_MAX: usize = 512 * 1024;
/// The longest side of a photo, in pixels.
pub const PHOTO_SIDE_MAX: u16 = 1_600;
/// The most written notes of one judge on one cell.
pub const OF_CELL_MAX: i64 = 20;
/// The most photos of one judge on one cell.
pub const PHOTOS_OF_CELL_MAX: i64 = 4;
/// The most notes and photos of one judge in one skill, with those that were taken back.
pub const OF_JUDGE_MAX: i64 = 2_000;
/// The most photos of one judge in one skill.
pub const PHOTOS_OF_JUDGE_MAX: i64 = 200;
/// The most notes and photos that are taken of one judge within a minute.
pub const A_MINUTE_MAX: i64 = 60;
/// The most notes and photos that are shown on one page.
pub const SHOWN_MAX: usize = 100;

/// Where a note belongs: the query of the request that brings one. The judge and the ledger are those of
/// whoever wrote it, since by now the browser may be another judge's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The aspect.
    pub aspect: AspectId,
    /// Whose work.
    pub competitor: CompetitorCode,
    /// Who wrote or photographed.
    pub judge: JudgeCode,
    /// In which skill.
    pub ledger: LedgerId,
    /// When, by the device's clock: milliseconds since 1970 UTC.
    pub made_at: i64,
}

/// Whose notes are meant: the query of the other requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Whose {
    /// The judge.
    pub judge: JudgeCode,
    /// The skill.
    pub ledger: LedgerId,
}

/// A written note, as it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Written {
    /// What it says.
    pub text: String,
}

/// The answer that a note or photo is stored, or is gone: the device may let go of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Stored {
    /// Its id.
    pub id: EntryId,
}

/// A note or a photo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Note {
    /// The aspect that it is on.
    pub aspect: AspectId,
    /// Whose work it is on.
    pub competitor: CompetitorCode,
    /// Its id, made on the device.
    pub id: EntryId,
    /// Whether it is a photo.
    pub is_photo: bool,
    /// Whose it is.
    pub judge: JudgeCode,
    /// When it was made, by the device's clock: milliseconds since 1970 UTC.
    pub made_at: i64,
    /// When the server received it.
    pub received_at: i64,
    /// What it says; empty of a photo.
    pub text: String,
}

/// Notes and photos, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Notes {
    /// Each.
    pub notes: Vec<Note>,
}

/// The notes of a skill as its chief judge or its organisers see them.
#[derive(Clone, Debug)]
pub struct NotesView {
    /// The competition's name.
    pub competition: Text,
    /// Which skill.
    pub skill: SkillRef,
    /// What is looked for in competitors' codes; empty where all are shown.
    pub find: String,
    /// How many newer ones of them were passed over.
    pub from: usize,
    /// The newest after those, up to [`SHOWN_MAX`].
    pub notes: Vec<Note>,
    /// How many older ones there are.
    pub more: usize,
    /// How many are kept back until a panel's round is complete.
    pub held: usize,
    /// What each aspect looks at.
    pub aspects: Vec<(AspectId, String)>,
}
