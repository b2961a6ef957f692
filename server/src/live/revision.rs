//! One revision of a view: encoded once, whoever reads it.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::ws::{Message, Utf8Bytes};
use domain::ledger::Hash;
use protocol::view::{BoardView, LiveFrame, Status, patch};
use serde_json::Value;

use super::View;

/// A view with its number and its bytes.
#[derive(Clone, Debug)]
pub struct Revision {
    /// Its number: counts up by one, from 1 at the server's start.
    pub rev: u64,
    /// What an `If-None-Match` holds: the same for the same view, also on another server and after a
    /// restart, which is why it is a weak one (the number may differ).
    pub etag: String,
    /// The view.
    pub view: View,
    /// [`LiveFrame::View`] as JSON.
    pub json: Bytes,
    /// [`LiveFrame::Patch`] from the revision before, as JSON; none for the first.
    pub patch: Option<Bytes>,
    /// The view as JSON, to find what the next one changes.
    value: Value,
    /// The same bytes as `json` and `patch`, known to be text.
    frames: (Utf8Bytes, Option<Utf8Bytes>),
}

impl Revision {
    /// The revision that shows this view after another one; none where it shows just the same.
    ///
    /// # Errors
    /// Where the view cannot be written as JSON.
    pub(super) fn after(previous: Option<&Self>, mut view: View) -> serde_json::Result<Option<Self>> {
        if let (Some(View::Board(before)), View::Board(board)) = (previous.map(|one| &one.view), &mut view) {
            carry_movement(before, board);
        }
        if previous.is_some_and(|previous| previous.view == view) {
            return Ok(None);
        }
        let value = serde_json::to_value(&view)?;
        let etag = format!("W/\"{}\"", &Hash::of_document(&serde_json::to_vec(&value)?).to_string()[..32]);
        let rev = previous.map_or(1, |previous| previous.rev + 1);
        let patch = match previous {
            Some(previous) => {
                let patch = patch::diff(&previous.value, &value);
                Some(Utf8Bytes::from(serde_json::to_string(&LiveFrame::Patch { rev, patch })?))
            }
            None => None,
        };
        let frame = LiveFrame::View { rev, view: value };
        let frames = (Utf8Bytes::from(serde_json::to_string(&frame)?), patch);
        // It is the frame that was made two lines above.
        let LiveFrame::View { view: value, .. } = frame else { return Ok(None) };
        let (json, patch) = (Bytes::from(frames.0.clone()), frames.1.clone().map(Bytes::from));
        Ok(Some(Self { rev, etag, view, json, patch, value, frames }))
    }

    /// What is told to one who was told this revision last.
    pub(super) fn message(&self, told: Option<u64>) -> Message {
        match &self.frames.1 {
            Some(patch) if told == Some(self.rev - 1) => Message::Text(patch.clone()),
            _ => Message::Text(self.frames.0.clone()),
        }
    }
}

/// Says how many places each row moved when the ranking changed last: now, or else as the
/// revision before says.
fn carry_movement(before: &BoardView, board: &mut BoardView) {
    if board.status == Status::Frozen {
        return;
    }
    let ranks = |board: &BoardView| -> BTreeMap<String, Option<u32>> {
        board.rows.iter().map(|(code, row)| (code.clone(), row.rank)).collect()
    };
    let is_same_ranking = ranks(before) == ranks(board);
    for (code, row) in &mut board.rows {
        let Some(earlier) = before.rows.get(code) else { continue };
        row.moved = match (is_same_ranking, earlier.rank, row.rank) {
            (true, ..) => earlier.moved,
            (false, Some(earlier), Some(now)) => places(earlier, now),
            _ => 0,
        };
    }
}

fn places(earlier: u32, now: u32) -> i32 {
    i32::try_from(i64::from(earlier) - i64::from(now)).unwrap_or_default()
}
