//! The server as a library, one folder a feature: `mod.rs` holds its operations, `queries.rs` its
//! SQL. Nothing here knows HTTP yet.

pub mod exchange;
