//! The server: one folder a feature, whose `mod.rs` holds its operations and its error, and whose
//! `queries.rs` holds its SQL.

pub mod database;
pub mod ledger;
