//! What the next edition of a competition takes over: its delegations and its terms, with days a year later; nobody
//! who was entered.

use domain::registration::{Day, SkillTerms, Terms};
use sqlx::Row as _;

use super::{RegistrationError, There, begun, failed, queries, terms};
use crate::http::{App, Failure};

/// Takes the delegations and terms of a competition over into its next edition, where that has none of its own yet.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn take_over(app: &App, from: &str, to: &str) -> Result<(), Failure> {
    let (last, next) = (There::load(app, from).await?, There::load(app, to).await?);
    // A skill is known by its folder's name, which the next edition keeps.
    let of =
        |name: &str| next.skills.iter().find(|skill| skill.name == name).map(|skill| skill.ledger.clone());
    let own = last.skills.iter().filter_map(|skill| {
        let terms = last.terms.own.get(&skill.ledger)?;
        Some((of(&skill.name)?, later(terms.clone())))
    });
    let taken = Terms {
        opens: last.terms.opens.and_then(Day::next_year),
        closes: last.terms.closes.and_then(Day::next_year),
        substitutes_until: last.terms.substitutes_until.and_then(Day::next_year),
        employments: last.terms.employments.clone(),
        regions: last.terms.regions.clone(),
        is_one_skill: last.terms.is_one_skill,
        every: later(last.terms.every.clone()),
        own: own.collect(),
    };
    let (_, changes) = terms::load(app, from).await?;
    let mut transaction = app.database.begin_write().await.map_err(begun)?;
    sqlx::query(queries::HOLD).bind(to).execute(&mut *transaction).await.map_err(failed)?;
    let there = sqlx::query(queries::SELECT_DELEGATIONS).bind(to).fetch_all(&mut *transaction).await;
    if there.map_err(failed)?.is_empty() {
        let rows = sqlx::query(queries::SELECT_DELEGATIONS).bind(from).fetch_all(&mut *transaction).await;
        for row in rows.map_err(failed)? {
            sqlx::query(queries::INSERT_DELEGATION)
                .bind(uuid::Uuid::now_v7().to_string())
                .bind(to)
                .bind(row.try_get::<String, _>(1).map_err(failed)?)
                .bind(row.try_get::<String, _>(2).map_err(failed)?)
                .bind(row.try_get::<Option<String>, _>(3).map_err(failed)?)
                .bind((app.clock)())
                .execute(&mut *transaction)
                .await
                .map_err(failed)?;
        }
    }
    if changes > 0 {
        let document = serde_json::to_string(&taken).map_err(|_| RegistrationError::Unreadable)?;
        // Only where nobody has kept any.
        let upsert = sqlx::query(queries::UPSERT_TERMS).bind(to).bind(document).bind(0_i64);
        upsert.execute(&mut *transaction).await.map_err(failed)?;
    }
    transaction.commit().await.map_err(failed)?;
    Ok(())
}

fn later(terms: SkillTerms) -> SkillTerms {
    SkillTerms {
        born_from: terms.born_from.and_then(Day::next_year),
        born_until: terms.born_until.and_then(Day::next_year),
        ..terms
    }
}
