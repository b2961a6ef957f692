//! Where each ledger stood at its last checkpoint, noted in a file outside the database: a database
//! that was replaced by an older one, or lost its end, is found out at the next start.
//!
//! The file: the database's epoch on the first line, then a line a ledger, `seq hash id`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use domain::id::LedgerId;
use domain::ledger::Hash;

use super::{Ledger, LedgerError};
use crate::database::{Database, Kind};
use crate::{durable, spoken};

/// Beside a SQLite file; for PostgreSQL, which has no place of its own on this machine, beside the
/// key that signs.
pub(super) fn place(database: &Database, key: &Path) -> PathBuf {
    match database.kind() {
        Kind::Sqlite => database.beside("head"),
        Kind::Postgres => key.with_extension("head"),
    }
}

/// The heads of a database's ledgers.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Heads {
    epoch: String,
    heads: BTreeMap<LedgerId, (i64, Hash)>,
}

impl Heads {
    /// As noted; none where there is no note, or it cannot be read.
    pub(super) fn read(path: &Path) -> Self {
        std::fs::read_to_string(path).ok().and_then(|text| Self::parse(&text)).unwrap_or_default()
    }

    /// As the database has them now.
    pub(super) async fn of(ledger: &Ledger) -> Result<Self, LedgerError> {
        let mut heads = Self { epoch: ledger.epoch().await?, heads: BTreeMap::new() };
        for (id, seq) in ledger.ledgers().await? {
            if let Some(hash) = hash_at(ledger, &id, seq).await? {
                heads.heads.insert(id, (seq, hash));
            }
        }
        Ok(heads)
    }

    /// Where the database is not what was noted: a ledger is shorter, or something else stands there.
    pub(super) async fn compare(&mut self, ledger: &Ledger) -> Result<Vec<LedgerError>, LedgerError> {
        let epoch = ledger.epoch().await?;
        let now: BTreeMap<LedgerId, i64> = ledger.ledgers().await?.into_iter().collect();
        let mut shorter = Vec::new();
        for (id, (noted, hash)) in &self.heads {
            let entries = now.get(id).copied();
            // Another epoch without the ledger at all is another database.
            if entries.is_none() && epoch != self.epoch {
                continue;
            }
            let entries = entries.unwrap_or(0);
            if entries < *noted || hash_at(ledger, id, *noted).await? != Some(*hash) {
                shorter.push(LedgerError::Shorter { ledger: id.to_string(), entries, noted: *noted });
            }
        }
        self.heads.retain(|id, _| now.contains_key(id));
        self.epoch = epoch;
        Ok(shorter)
    }

    /// Takes in where a ledger stands now.
    pub(super) async fn set(&mut self, ledger: &Ledger, id: &LedgerId) -> Result<(), LedgerError> {
        let head = ledger.state(id).await?.head;
        self.epoch = ledger.epoch().await?;
        self.heads.insert(id.clone(), (head.seq, head.hash));
        Ok(())
    }

    /// Notes them.
    pub(super) async fn write(&self, path: &Path) -> Result<(), LedgerError> {
        let (text, at) = (self.text(), path.to_owned());
        let written = tokio::task::spawn_blocking(move || durable::write(&at, text.as_bytes())).await;
        let written = written.unwrap_or_else(|error| Err(std::io::Error::other(error)));
        written.map_err(|error| LedgerError::HeadNote {
            path: path.display().to_string(),
            problem: spoken::of_system(&error),
        })
    }

    fn text(&self) -> String {
        let mut text = format!("{}\n", self.epoch);
        for (id, (seq, hash)) in &self.heads {
            let _ = writeln!(text, "{seq} {hash} {id}");
        }
        text
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let epoch = lines.next()?.to_owned();
        let head = |line: &str| {
            let mut words = line.splitn(3, ' ');
            let (seq, hash) = (words.next()?.parse().ok()?, Hash::parse(words.next()?)?);
            Some((LedgerId::from(words.next()?), (seq, hash)))
        };
        Some(Self { epoch, heads: lines.map(head).collect::<Option<_>>()? })
    }
}

async fn hash_at(ledger: &Ledger, id: &LedgerId, seq: i64) -> Result<Option<Hash>, LedgerError> {
    let page = ledger.entries(id, seq).await?;
    Ok(page.first().filter(|sealed| sealed.entry.seq == seq).map(|sealed| sealed.hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_read_as_it_was_written() {
        let hash = Hash::of_document(b"x");
        let heads = BTreeMap::from([("a".into(), (3, hash)), ("with a space".into(), (9, Hash::ZERO))]);
        let heads = Heads { epoch: "feed".to_owned(), heads };
        assert_eq!(Heads::parse(&heads.text()), Some(heads));
        assert_eq!(Heads::parse("feed\nthree of them"), None);
        assert_eq!(Heads::parse(""), None);
    }
}
