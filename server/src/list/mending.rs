//! What is mended of a list on the page that says what is wrong with it: cells that were typed anew, kept beside the
//! list, sealed as it is, and put into it whenever it is read.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::held::Which;
use super::{ListError, Purpose, database_failed, failed, place, queries, waiting_for};
use crate::accounts::{AccountError, Staff};
use crate::exchange::sheet::{Cell, Sheet};
use crate::http::{App, Failure};
use crate::vault::Vault;

/// The texts by row, as the spreadsheet shows it, and column, from 0.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Mended(BTreeMap<u64, BTreeMap<usize, String>>);

impl Mended {
    /// Opens what was sealed for a list.
    pub(super) fn open(vault: &Vault, draft: &str, sealed: &str) -> Result<Self, ListError> {
        let bytes = vault.unseal(&of_draft(draft), sealed).map_err(|_| ListError::Gone)?;
        serde_json::from_slice(&bytes).map_err(|_| ListError::Gone)
    }

    fn seal(&self, vault: &Vault, draft: &str) -> Option<String> {
        vault.seal(&of_draft(draft), &serde_json::to_vec(self).ok()?)
    }

    pub(super) fn apply(&self, sheet: &mut Sheet) {
        for (row, cells) in &self.0 {
            let Ok(at) = sheet.rows.binary_search_by_key(row, |row| row.number) else { continue };
            let Some(row) = sheet.rows.get_mut(at) else { continue };
            for (column, text) in cells {
                if *column >= row.cells.len() {
                    row.cells.resize(column + 1, Cell::default());
                }
                if let Some(cell) = row.cells.get_mut(*column) {
                    *cell = Cell::of_text(text);
                }
            }
        }
    }
}

/// Puts texts into a list that waits: each with its row and its column.
///
/// # Errors
/// Where the list is gone, was mended elsewhere in this moment, or the database does not answer.
pub(crate) async fn correct(
    app: &App,
    staff: &Staff,
    of: Purpose<'_>,
    draft: &str,
    typed: Vec<(u64, usize, String)>,
) -> Result<(), Failure> {
    let waiting = waiting_for(app, staff, of, draft).await?;
    let (which, mut content) = (waiting.which, waiting.content);
    let sheet = &content.sheet;
    let mut mended = match &which.mended {
        Some(sealed) => Mended::open(&app.vault, draft, sealed)?,
        None => Mended::default(),
    };
    let width = sheet.rows.iter().map(|row| row.cells.len()).max().unwrap_or_default();
    let mut has_changed = false;
    for (row, column, text) in typed {
        let there = sheet.rows.binary_search_by_key(&row, |row| row.number).ok();
        let Some(there) = there.and_then(|at| sheet.rows.get(at)).filter(|_| column < width) else {
            continue;
        };
        // What is as it was stays what it was, such as a number that lost its digits.
        if there.text(column) != text.trim() {
            mended.0.entry(row).or_default().insert(column, text);
            has_changed = true;
        }
    }
    if !has_changed {
        return Ok(());
    }
    let sealed = mended.seal(&app.vault, draft).ok_or(AccountError::NoRandomness)?;
    let mut transaction = app.database.begin_write().await.map_err(database_failed)?;
    let update = sqlx::query(queries::MEND_DRAFT).bind(draft).bind(&sealed);
    let update = update.bind(which.mended.clone().unwrap_or_default());
    if update.execute(&mut *transaction).await.map_err(failed)?.rows_affected() == 0 {
        return Err(ListError::Changed.into());
    }
    transaction.commit().await.map_err(failed)?;
    // Held by nobody else it need not be copied.
    app.lists.forget(&which);
    mended.apply(Arc::make_mut(&mut content.sheet));
    app.lists.hold(Which { draft: draft.to_owned(), mended: Some(sealed) }, content);
    Ok(())
}

fn of_draft(draft: &str) -> String {
    format!("{} mended", place(draft))
}
