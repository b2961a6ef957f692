//! Migrations: forward only, numbered, one portable text for both databases, applied in one
//! transaction, also when two servers start at once.

use domain::ledger::Hash;
use sqlx::{AnyConnection, Executor as _, Row as _};

use super::{Database, DatabaseError, Kind, postgres, sqlite};

/// One step of the schema. What cannot be said portably stands beside the portable text.
struct Migration {
    number: i64,
    name: &'static str,
    portable: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

/// Every step, in order. A step that has been released is never edited.
const MIGRATIONS: &[Migration] = &[
    Migration {
        number: 1,
        name: "ledger",
        portable: include_str!("../../../migrations/0001_ledger.sql"),
        sqlite: sqlite::APPEND_ONLY,
        postgres: postgres::APPEND_ONLY,
    },
    Migration {
        number: 10,
        name: "competition",
        portable: include_str!("../../../migrations/0010_competition.sql"),
        sqlite: "",
        postgres: "",
    },
    Migration {
        number: 15,
        name: "accounts",
        portable: include_str!("../../../migrations/0015_accounts.sql"),
        sqlite: "",
        postgres: "",
    },
    Migration {
        number: 16,
        name: "draft",
        portable: include_str!("../../../migrations/0016_draft.sql"),
        sqlite: "",
        postgres: "",
    },
    Migration {
        number: 20,
        name: "live_setting",
        portable: include_str!("../../../migrations/0020_live_setting.sql"),
        sqlite: "",
        postgres: "",
    },
    Migration {
        number: 30,
        name: "confirmation",
        portable: include_str!("../../../migrations/0030_confirmation.sql"),
        sqlite: "",
        postgres: "",
    },
    Migration {
        number: 31,
        name: "proposal",
        portable: include_str!("../../../migrations/0031_proposal.sql"),
        sqlite: "",
        postgres: "",
    },
    Migration {
        number: 32,
        name: "device_key",
        portable: include_str!("../../../migrations/0032_device_key.sql"),
        sqlite: "",
        postgres: "",
    },
    Migration {
        number: 33,
        name: "call",
        portable: include_str!("../../../migrations/0033_call.sql"),
        sqlite: "",
        postgres: "",
    },
    Migration {
        number: 34,
        name: "ledger_drawing",
        portable: include_str!("../../../migrations/0034_ledger_drawing.sql"),
        sqlite: "",
        postgres: "",
    },
    Migration {
        number: 35,
        name: "note",
        portable: include_str!("../../../migrations/0035_note.sql"),
        sqlite: "",
        postgres: "",
    },
    Migration {
        number: 36,
        name: "practice",
        portable: include_str!("../../../migrations/0036_practice.sql"),
        sqlite: "",
        postgres: "",
    },
    Migration {
        number: 37,
        name: "safe_seq",
        portable: include_str!("../../../migrations/0037_safe_seq.sql"),
        sqlite: "",
        postgres: "",
    },
    Migration {
        number: 38,
        name: "drill",
        portable: include_str!("../../../migrations/0038_drill.sql"),
        sqlite: "",
        postgres: "",
    },
    Migration {
        number: 39,
        name: "organisation",
        portable: include_str!("../../../migrations/0039_organisation.sql"),
        sqlite: "",
        postgres: "",
    },
    Migration {
        number: 40,
        name: "second_factor",
        portable: include_str!("../../../migrations/0040_second_factor.sql"),
        sqlite: "",
        postgres: "",
    },
    Migration {
        number: 41,
        name: "import",
        portable: include_str!("../../../migrations/0041_import.sql"),
        sqlite: "",
        postgres: "",
    },
    Migration {
        number: 42,
        name: "draw",
        portable: include_str!("../../../migrations/0042_draw.sql"),
        sqlite: "",
        postgres: "",
    },
    Migration {
        number: 43,
        name: "scheme_version",
        portable: include_str!("../../../migrations/0043_scheme_version.sql"),
        sqlite: "",
        postgres: "",
    },
    Migration {
        number: 44,
        name: "registration",
        portable: include_str!("../../../migrations/0044_registration.sql"),
        sqlite: "",
        postgres: "",
    },
    Migration {
        number: 45,
        name: "check_in",
        portable: include_str!("../../../migrations/0045_check_in.sql"),
        sqlite: "",
        postgres: "",
    },
    Migration {
        number: 46,
        name: "bulk_change",
        portable: include_str!("../../../migrations/0046_bulk_change.sql"),
        sqlite: "",
        postgres: "",
    },
    Migration {
        number: 47,
        name: "circuit",
        portable: include_str!("../../../migrations/0047_circuit.sql"),
        sqlite: "",
        postgres: "",
    },
    Migration {
        number: 49,
        name: "list_purpose",
        portable: include_str!("../../../migrations/0049_list_purpose.sql"),
        sqlite: "",
        postgres: "",
    },
    Migration {
        number: 51,
        name: "mended_list",
        portable: include_str!("../../../migrations/0051_mended_list.sql"),
        sqlite: "",
        postgres: "",
    },
    Migration {
        number: 52,
        name: "template",
        portable: include_str!("../../../migrations/0052_template.sql"),
        sqlite: "",
        postgres: "",
    },
    Migration {
        number: 53,
        name: "promotion",
        portable: include_str!("../../../migrations/0053_promotion.sql"),
        sqlite: "",
        postgres: "",
    },
];

/// Where the steps done are kept; no database of ours is without it.
pub(super) const TABLE: &str = "schema_migration";
const CREATE_TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_migration \
    (number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, hash TEXT NOT NULL)";
const SELECT_DONE: &str = "SELECT number, hash FROM schema_migration ORDER BY number";
const INSERT_DONE: &str = "INSERT INTO schema_migration (number, name, hash) VALUES ($1, $2, $3)";

/// A step, and the hash of what it says for both databases.
pub(crate) type Step = (i64, String);

/// Every step of this program: what a database that it opened has.
pub(crate) fn steps() -> Vec<Step> {
    let hash = |step: &Migration| Hash::of_document(step.portable.as_bytes()).to_string();
    MIGRATIONS.iter().map(|step| (step.number, hash(step))).collect()
}

/// The tables that these steps make, in the order in which rows can be inserted: one refers only to
/// those before it.
pub(crate) fn tables(steps: &[Step]) -> Vec<&'static str> {
    let is_in = |migration: &&Migration| steps.iter().any(|(number, _)| *number == migration.number);
    let texts = MIGRATIONS.iter().filter(is_in).flat_map(|migration| migration.portable.lines());
    let name = |line: &'static str| line.strip_prefix("CREATE TABLE ")?.split([' ', '(']).next();
    texts.filter_map(name).collect()
}

/// Takes the steps in a database without tables: only these, or with none named all that are missing.
///
/// # Errors
/// Where one is not known to this program or was another text.
pub(crate) async fn migrate_in(
    connection: &mut AnyConnection,
    kind: Kind,
    only: Option<&[Step]>,
) -> Result<(), DatabaseError> {
    let known = steps();
    for (number, hash) in only.unwrap_or_default() {
        match known.iter().find(|(other, _)| other == number) {
            Some((_, other)) if other == hash => {}
            Some(_) => return Err(DatabaseError::OtherMigration { number: *number }),
            None => return Err(DatabaseError::Newer { number: *number }),
        }
    }
    sqlx::raw_sql(CREATE_TABLE).execute(&mut *connection).await?;
    let rows = sqlx::query(SELECT_DONE).fetch_all(&mut *connection).await?;
    let done = rows.iter().map(|row| row.try_get::<i64, _>(0)).collect::<Result<Vec<_>, _>>()?;
    for migration in MIGRATIONS {
        let number = migration.number;
        let is_wanted = only.is_none_or(|only| only.iter().any(|(other, _)| *other == number));
        if is_wanted && !done.contains(&number) {
            apply(connection, migration, kind).await?;
        }
    }
    Ok(())
}

/// Brings a database to the present schema.
///
/// # Errors
/// Where it is newer than this program, was migrated by other texts, or does not answer.
pub(super) async fn migrate(database: &Database) -> Result<(), DatabaseError> {
    let mut transaction = database.begin_write().await?;
    if database.kind() == Kind::Postgres {
        transaction.execute(postgres::LOCK_MIGRATIONS).await?;
    }
    transaction.execute(CREATE_TABLE).await?;
    let rows = sqlx::query(SELECT_DONE).fetch_all(&mut *transaction).await?;
    let mut done = Vec::with_capacity(rows.len());
    for row in rows {
        done.push((row.try_get::<i64, _>(0)?, row.try_get::<String, _>(1)?));
    }
    let newest = MIGRATIONS.last().map_or(0, |migration| migration.number);
    if let Some((number, _)) = done.iter().find(|(number, _)| *number > newest) {
        return Err(DatabaseError::Newer { number: *number });
    }
    for migration in MIGRATIONS {
        match done.iter().find(|(number, _)| *number == migration.number) {
            Some((_, known)) if *known == migration.hash(database.kind()) => {}
            Some(_) => return Err(DatabaseError::OtherMigration { number: migration.number }),
            None => apply(&mut transaction, migration, database.kind()).await?,
        }
    }
    transaction.commit().await?;
    Ok(())
}

impl Migration {
    /// What stands beside the portable text for one of the two.
    fn own(&self, kind: Kind) -> &'static str {
        match kind {
            Kind::Sqlite => self.sqlite,
            Kind::Postgres => self.postgres,
        }
    }

    fn hash(&self, kind: Kind) -> String {
        Hash::of_document(format!("{}{}", self.portable, self.own(kind)).as_bytes()).to_string()
    }
}

async fn apply(
    connection: &mut AnyConnection,
    migration: &Migration,
    kind: Kind,
) -> Result<(), DatabaseError> {
    sqlx::raw_sql(migration.portable).execute(&mut *connection).await?;
    let own = migration.own(kind);
    if !own.is_empty() {
        sqlx::raw_sql(own).execute(&mut *connection).await?;
    }
    let insert = sqlx::query(INSERT_DONE).bind(migration.number).bind(migration.name);
    insert.bind(migration.hash(kind)).execute(connection).await?;
    Ok(())
}
