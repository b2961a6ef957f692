//! A server without HTTP: an open database and its ledger.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::finding::Language;
use domain::id::LedgerId;
use domain::ledger::verify::Verifier;
use domain::ledger::{Sealed, Status};
use server::backup::Copier;
use server::database::{Database, Kind};
use server::ledger::{Clock, Ledger, Options, Receipt, Submission};
use sqlx::AssertSqlSafe;

use crate::TestDatabase;
use crate::skill::{BEGINNING, SMALL, Tablet};

/// Both, with a clock that goes by one at each look.
#[derive(Clone)]
pub struct LedgerServer {
    /// The database.
    pub database: Database,
    /// Its ledgers.
    pub ledger: Ledger,
    /// The clock.
    pub clock: Clock,
}

impl LedgerServer {
    /// Starts one.
    pub async fn start(place: &TestDatabase) -> Self {
        Self::on(&place.url, &place.folder.join("key")).await
    }

    /// The same anywhere.
    pub async fn on(url: &str, key: &Path) -> Self {
        let database = Database::open(url).await.expect("the database opens");
        let time = AtomicI64::new(BEGINNING);
        let clock: Clock = Arc::new(move || time.fetch_add(1, Ordering::Relaxed));
        let options = Options { key: Some(key.to_owned()), clock: Some(Arc::clone(&clock)) };
        let ledger = Ledger::start_with(database.clone(), options).await.expect("the ledger starts");
        Self { database, ledger, clock }
    }

    /// With a small skill that is open.
    pub async fn open(place: &TestDatabase, skill: &str) -> Self {
        let server = Self::start(place).await;
        let receipt = server.submit(SMALL.open(skill)).await;
        assert_eq!(receipt.status, Status::Accepted, "{:?}", receipt.why);
        server
    }

    /// Enters something.
    pub async fn submit(&self, submission: Submission) -> Receipt {
        self.ledger.submit(submission).await.expect("a receipt")
    }

    /// Enters a tablet's marks of these numbers.
    pub async fn mark(&self, tablet: &Tablet, dseqs: std::ops::RangeInclusive<i64>) -> Vec<Receipt> {
        let marks = dseqs.map(|dseq| tablet.submission(dseq)).collect();
        let receipts = self.ledger.submit_all(marks).await;
        receipts.into_iter().map(|receipt| receipt.expect("a receipt")).collect()
    }

    /// Every entry, after the whole chain was verified.
    pub async fn verified(&self, ledger: &str) -> Vec<Sealed> {
        let (ledger, mut entries, mut verifier) = (LedgerId::from(ledger), Vec::new(), Verifier::new());
        loop {
            let next = i64::try_from(entries.len()).expect("a count") + 1;
            let page = self.ledger.entries(&ledger, next).await.expect("a page");
            if page.is_empty() {
                return entries;
            }
            for sealed in page {
                let taken = verifier.entry(sealed.clone()).map_err(|finding| finding.say(Language::English));
                taken.expect("a whole chain");
                entries.push(sealed);
            }
        }
    }

    /// Takes away the entries after `seq`, as only a disk or an older file can.
    pub async fn lose_after(&self, seq: i64) {
        let (before, after) = match self.database.kind() {
            Kind::Sqlite => ("DROP TRIGGER ledger_entry_no_delete", "SELECT 1"),
            Kind::Postgres => (
                "ALTER TABLE ledger_entry DISABLE TRIGGER USER",
                "ALTER TABLE ledger_entry ENABLE TRIGGER USER",
            ),
        };
        let delete = format!("DELETE FROM ledger_entry WHERE seq > {seq}");
        for sql in [before, delete.as_str(), after] {
            let run = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(self.database.pool());
            run.await.expect("it is done");
        }
    }

    /// Whoever copies it to a folder.
    #[must_use]
    pub fn copier(&self, folder: &Path) -> Copier {
        Copier::new(self.database.clone(), self.ledger.clone(), Arc::clone(&self.clock), folder)
    }

    /// Ends it in order.
    pub async fn stop(self) {
        self.ledger.stop().await;
        self.database.close().await;
    }
}
