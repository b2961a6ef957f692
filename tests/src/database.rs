//! A database of its own for each test: a file in a temporary folder, or a fresh database in the
//! cluster that `LEITAI_TEST_POSTGRES` names. Both go when the value does.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use server::database::Kind;
use sqlx::{AnyConnection, AssertSqlSafe, Connection as _};

/// The URL of a cluster in which tests may make databases.
pub const POSTGRES: &str = "LEITAI_TEST_POSTGRES";

/// Where a test keeps its database, and its files.
#[derive(Debug)]
pub struct Place {
    url: String,
    folder: Folder,
    /// The cluster and the name of our database in it.
    postgres: Option<(String, String)>,
}

/// A temporary folder that goes with this value.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// A new one in the system's temporary folder.
    #[must_use]
    pub fn new() -> Self {
        Self::inside(&std::env::temp_dir())
    }

    /// A new one in another folder.
    #[must_use]
    pub fn inside(parent: &Path) -> Self {
        let path = parent.join(unique("leitai-test"));
        std::fs::create_dir_all(&path).expect("a temporary folder");
        Self(path)
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Default for Folder {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed is left to the system.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Place {
    /// A SQLite file in a folder of its own.
    #[must_use]
    pub fn sqlite() -> Self {
        let folder = Folder::new();
        let url = folder.path().join("leitai.db").to_string_lossy().into_owned();
        Self { url, folder, postgres: None }
    }

    /// A fresh PostgreSQL database; none where no cluster is named.
    #[must_use]
    pub fn postgres() -> Option<Self> {
        let cluster = std::env::var(POSTGRES).ok()?;
        let name = unique("leitai_test");
        run(&cluster, format!("CREATE DATABASE {name}"));
        let (server, _) = cluster.rsplit_once('/').expect("a URL with a database");
        Some(Self { url: format!("{server}/{name}"), folder: Folder::new(), postgres: Some((cluster, name)) })
    }

    /// One of each kind that there is.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let postgres = Self::postgres();
        if postgres.is_none() {
            eprintln!("PostgreSQL is left out: {POSTGRES} is not set.");
        }
        std::iter::once(Self::sqlite()).chain(postgres).collect()
    }

    /// What `Database::open` takes.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Which of the two it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        if self.postgres.is_some() { Kind::Postgres } else { Kind::Sqlite }
    }

    /// A folder for the test's other files.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some((cluster, name)) = &self.postgres {
            run(cluster, format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}

/// Runs one statement in a cluster. A thread and a runtime of its own, since a value also goes where
/// a runtime is running.
fn run(cluster: &str, sql: String) {
    let cluster = cluster.to_owned();
    let work = async move {
        sqlx::any::install_default_drivers();
        let mut connection = AnyConnection::connect(&cluster).await.expect("the cluster answers");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.expect("the statement works");
        connection.close().await.expect("the connection closes");
    };
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(work);
    });
    // A panic there has been printed already.
    let _ = thread.join();
}

fn unique(start: &str) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    format!("{start}_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}
