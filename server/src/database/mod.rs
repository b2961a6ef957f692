//! The database: a SQLite file by default, or PostgreSQL; one SQL text for both through
//! `sqlx::Any`. What cannot be portable is in `sqlite.rs` and `postgres.rs`.

pub(crate) mod migration;
pub(crate) mod postgres;
pub mod space;
pub(crate) mod sqlite;

use std::path::{Path, PathBuf};

use domain::finding::Spoken;
use domain::findings;
use sqlx::any::AnyPoolOptions;
use sqlx::{Any, AnyConnection, AnyPool, Connection as _, Transaction};

use crate::spoken;

/// The file that is opened when nothing is said.
pub const DEFAULT: &str = "leitai.db";

/// Connections for reading and for the features' own writes; the ledger's writer has one besides.
const CONNECTIONS_MAX: u32 = 8;

const SELECT_SQLITE_VERSION: &str = "SELECT sqlite_version()";

/// Which of the two it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One file, written by one server.
    Sqlite,
    /// One database for any number of servers.
    Postgres,
}

/// An open database, migrated to the present schema. Clones share its connections.
#[derive(Clone, Debug)]
pub struct Database {
    pool: AnyPool,
    kind: Kind,
    /// The URL, or the path of the file.
    place: String,
}

findings! {
    /// Why a database cannot be opened or does not answer.
    pub enum DatabaseError {
        SqliteTooOld { found: String } = Error "sqlite_too_old",
            "SQLite {found} 可能损坏数据文件；需要 3.51.3 或更新版本。",
            "SQLite {found} may corrupt its file; 3.51.3 or newer is needed.";
        Newer { number: i64 } = Error "database_newer",
            "数据库由更新的版本建立（迁移 {number}）；请使用更新的程序。",
            "The database was made by a newer program (migration {number}); use that one.";
        OtherMigration { number: i64 } = Error "database_other_migration",
            "数据库的第 {number} 号迁移与本程序不同；它属于别的程序版本。",
            "Migration {number} of the database differs from this program's; it belongs to another build.";
        NotWal { mode: String } = Error "database_not_wal",
            "数据文件不能使用 WAL 模式（现为 {mode}）；请放在本机磁盘上。",
            "The file cannot be used in WAL mode (it is in {mode}); put it on a disk of this machine.";
        Foreign { path: String } = Error "database_foreign",
            "“{path}”是别的程序的数据库；请另选一个文件，它没有被改动。",
            "\"{path}\" is another program's database; choose another file. It was left as it is.";
        NotEmpty { path: String } = Error "database_not_empty",
            "“{path}”里已有内容；请另选一个空的或还不存在的数据库。它没有被改动。",
            "\"{path}\" holds something already; choose a database that is empty or not there yet. It was left as it is.";
        KindUnknown { scheme: String } = Error "database_kind_unknown",
            "不支持“{scheme}”数据库；请给出 postgres://… 或一个文件。",
            "A \"{scheme}\" database is not supported; give postgres://… or a file.";
        Failed { problem: Spoken } = Error "database_failed",
            "数据库打不开：{problem:#}。",
            "The database cannot be used: {problem}.";
    }
}

impl std::fmt::Display for DatabaseError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.say(domain::finding::Language::English))
    }
}

impl std::error::Error for DatabaseError {}

impl From<sqlx::Error> for DatabaseError {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed { problem: spoken::of_database(&error) }
    }
}

impl Database {
    /// Opens a database and migrates it: `postgres://…`, `sqlite:PATH`, or a path, whose file is made
    /// where it is missing.
    ///
    /// # Errors
    /// Where it does not answer, is too new, or SQLite is too old.
    pub async fn open(url_or_path: &str) -> Result<Self, DatabaseError> {
        let database = Self::connect(url_or_path).await?;
        migration::migrate(&database).await?;
        Ok(database)
    }

    /// Opens one that has no tables yet, and makes none.
    ///
    /// # Errors
    /// Where it has any; else as [`Database::open`].
    pub(crate) async fn open_empty(url_or_path: &str) -> Result<Self, DatabaseError> {
        let database = Self::connect(url_or_path).await?;
        let count = match database.kind {
            Kind::Sqlite => sqlite::COUNT_TABLES,
            Kind::Postgres => postgres::COUNT_TABLES,
        };
        let tables: i64 = sqlx::query_scalar(count).fetch_one(&database.pool).await?;
        if tables == 0 {
            return Ok(database);
        }
        database.close().await;
        // With a password the URL is nothing to be shown.
        let path = database.path().map_or("postgres://…".to_owned(), |path| path.display().to_string());
        Err(DatabaseError::NotEmpty { path })
    }

    async fn connect(url_or_path: &str) -> Result<Self, DatabaseError> {
        sqlx::any::install_default_drivers();
        let other = url_or_path.split_once("://").map(|(scheme, _)| scheme);
        if let Some(scheme) = other.filter(|scheme| !["postgres", "postgresql", "sqlite"].contains(scheme)) {
            return Err(DatabaseError::KindUnknown { scheme: scheme.to_owned() });
        }
        if is_postgres(url_or_path) {
            open_postgres(url_or_path).await
        } else {
            open_sqlite(url_or_path).await
        }
    }

    /// Which of the two it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The connections for portable SQL.
    #[must_use]
    pub fn pool(&self) -> &AnyPool {
        &self.pool
    }

    /// The file of a SQLite database.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        (self.kind == Kind::Sqlite).then(|| Path::new(&self.place))
    }

    /// The URL of a PostgreSQL database, with its password.
    pub(crate) fn url(&self) -> &str {
        &self.place
    }

    /// A file that stands beside the database: `leitai.db.key`. Beside a PostgreSQL database means in
    /// the working folder.
    #[must_use]
    pub fn beside(&self, ending: &str) -> PathBuf {
        let place = if self.kind == Kind::Sqlite { &self.place } else { "leitai" };
        PathBuf::from(format!("{place}.{ending}"))
    }

    /// Begins a transaction that will write. Keep it short: on SQLite marks wait for it.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn begin_write(&self) -> Result<Transaction<'static, Any>, DatabaseError> {
        let begin = match self.kind {
            Kind::Sqlite => sqlite::BEGIN_WRITE,
            Kind::Postgres => postgres::BEGIN_WRITE,
        };
        Ok(self.pool.begin_with(begin).await?)
    }

    /// Begins a transaction that sees one moment of all tables, and writes nothing.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub(crate) async fn begin_read(&self) -> Result<Transaction<'static, Any>, DatabaseError> {
        let begin = match self.kind {
            Kind::Sqlite => sqlite::BEGIN_READ,
            Kind::Postgres => postgres::BEGIN_READ,
        };
        Ok(self.pool.begin_with(begin).await?)
    }

    /// Closes every connection.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// Why a database that answers takes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unwritable {
    /// Its disk has no space.
    Full,
    /// It may only be read.
    ReadOnly,
}

impl Unwritable {
    /// By the databases' own codes: their words depend on their language.
    pub(crate) fn of(error: &sqlx::Error) -> Option<Self> {
        let code = error.as_database_error()?.code()?;
        // SQLite's codes carry details in their higher bits; PostgreSQL's have five characters.
        let primary = code.parse::<u32>().ok().filter(|_| code.len() < 5).map(|code| code & 0xff);
        match (primary, &*code) {
            (Some(13), _) | (_, "53100") => Some(Self::Full),
            (Some(8), _) | (_, "25006") => Some(Self::ReadOnly),
            _ => None,
        }
    }
}

fn is_postgres(url: &str) -> bool {
    ["postgres://", "postgresql://"].iter().any(|start| url.starts_with(start))
}

/// Whether there can be anything in a database: a file that is there, or a server's.
#[must_use]
pub fn is_there(url_or_path: &str) -> bool {
    is_postgres(url_or_path) || Path::new(path_of(url_or_path)).exists()
}

fn path_of(url_or_path: &str) -> &str {
    let path = url_or_path.strip_prefix("sqlite:").unwrap_or(url_or_path);
    path.strip_prefix("//").unwrap_or(path)
}

async fn open_postgres(url: &str) -> Result<Database, DatabaseError> {
    // A pool would go on trying for half a minute and then not say why.
    AnyConnection::connect(url).await?.close().await?;
    let options = AnyPoolOptions::new().max_connections(CONNECTIONS_MAX).after_connect(|connection, _| {
        Box::pin(async move { sqlx::raw_sql(postgres::SETTINGS).execute(connection).await.map(|_| ()) })
    });
    let pool = options.connect(url).await?;
    Ok(Database { pool, kind: Kind::Postgres, place: url.to_owned() })
}

async fn open_sqlite(url_or_path: &str) -> Result<Database, DatabaseError> {
    let path = path_of(url_or_path);
    look_first(path).await?;
    let options = AnyPoolOptions::new().max_connections(CONNECTIONS_MAX).after_connect(|connection, _| {
        Box::pin(async move {
            sqlx::query(sqlite::BUSY_TIMEOUT).execute(&mut *connection).await?;
            sqlx::raw_sql(sqlite::SETTINGS).execute(connection).await.map(|_| ())
        })
    });
    let pool = options.connect(&sqlite::url(path)).await?;
    let version: String = sqlx::query_scalar(SELECT_SQLITE_VERSION).fetch_one(&pool).await?;
    sqlite::check_version(&version)?;
    let mode: String = sqlx::query_scalar(sqlite::SELECT_JOURNAL_MODE).fetch_one(&pool).await?;
    if mode != "wal" {
        return Err(DatabaseError::NotWal { mode });
    }
    Ok(Database { pool, kind: Kind::Sqlite, place: path.to_owned() })
}

/// Opens a file before anything is set in it: what is no database says so at once, and another
/// program's is left alone.
async fn look_first(path: &str) -> Result<(), DatabaseError> {
    let mut connection = AnyConnection::connect(&sqlite::url(path)).await?;
    let tables: Vec<String> = sqlx::query_scalar(sqlite::SELECT_TABLES).fetch_all(&mut connection).await?;
    connection.close().await?;
    if tables.is_empty() || tables.iter().any(|table| table == migration::TABLE) {
        return Ok(());
    }
    Err(DatabaseError::Foreign { path: path.to_owned() })
}
