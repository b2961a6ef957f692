//! Databases of a test's own: a SQLite file, and a PostgreSQL database where `LEITAI_TEST_POSTGRES`
//! names a cluster.

use std::sync::atomic::{AtomicUsize, Ordering};

use sqlx::postgres::PgPoolOptions;

use crate::TemporaryFolder;

static MADE: AtomicUsize = AtomicUsize::new(0);

/// An empty database that goes with its owner.
#[derive(Debug)]
pub struct TestDatabase {
    /// What `--database` takes.
    pub url: String,
    /// `SQLite` or `PostgreSQL`.
    pub kind: &'static str,
    /// Where the signing key of a PostgreSQL database lies: the program runs there.
    pub folder: TemporaryFolder,
    server: Option<(String, String)>,
}

impl TestDatabase {
    /// A SQLite file that is not there yet.
    #[must_use]
    pub fn sqlite() -> Self {
        let folder = TemporaryFolder::new("sqlite");
        let url = folder.join("contest.db").display().to_string();
        Self { url, kind: "SQLite", folder, server: None }
    }

    /// A new PostgreSQL database; nothing, said aloud, without a cluster.
    #[must_use]
    pub fn postgres() -> Option<Self> {
        let Ok(cluster) = std::env::var("LEITAI_TEST_POSTGRES") else {
            println!("skipped: LEITAI_TEST_POSTGRES is not set, so PostgreSQL is left out");
            return None;
        };
        let name = format!("commands_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        run_sql(&cluster, &format!("DROP DATABASE IF EXISTS {name}"));
        run_sql(&cluster, &format!("CREATE DATABASE {name}"));
        let folder = TemporaryFolder::new("postgres");
        Some(Self {
            url: with_database(&cluster, &name),
            kind: "PostgreSQL",
            folder,
            server: Some((cluster, name)),
        })
    }

    /// One of each kind that there is.
    #[must_use]
    pub fn every_kind() -> Vec<Self> {
        [Some(Self::sqlite()), Self::postgres()].into_iter().flatten().collect()
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Some((cluster, name)) = &self.server {
            run_sql(cluster, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

/// The cluster's URL with another database.
fn with_database(cluster: &str, name: &str) -> String {
    let (address, query) = cluster.split_once('?').unwrap_or((cluster, ""));
    let scheme = address.find("://").map_or(0, |at| at + 3);
    let end = address[scheme..].find('/').map_or(address.len(), |at| scheme + at);
    let query = if query.is_empty() { String::new() } else { format!("?{query}") };
    format!("{}/{name}{query}", &address[..end])
}

fn run_sql(url: &str, sql: &str) {
    // A database's name cannot be bound as a value; this one is made above.
    let sql = sqlx::AssertSqlSafe(sql.to_owned());
    let work = async {
        let pool = PgPoolOptions::new().max_connections(1).connect(url).await.expect("the cluster answers");
        sqlx::raw_sql(sql).execute(&pool).await.expect("a database is made or dropped");
        pool.close().await;
    };
    let run = || {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
        runtime.block_on(work);
    };
    // A test may hold a runtime itself, and one cannot be started in another.
    std::thread::scope(|scope| scope.spawn(run).join().expect("the cluster's thread"));
}
