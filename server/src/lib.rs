//! The server as a library, one folder a feature: `mod.rs` holds its operations and its error,
//! `queries.rs` its SQL. Nothing here knows HTTP yet.

pub mod accounts;
pub mod backup;
mod checkin;
pub mod chief;
mod circuit;
pub mod competition;
mod countersign;
pub mod database;
pub mod desk;
mod draw;
pub mod drill;
mod durable;
pub mod exchange;
pub mod http;
pub mod judging;
pub mod ledger;
mod list;
pub mod live;
mod marks;
pub mod notes;
pub mod organisation;
mod pages;
mod people;
pub mod practice;
mod promotion;
mod reference;
mod registration;
mod roster;
mod setup;
pub mod spoken;
pub mod vault;
