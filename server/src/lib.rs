//! The server.

pub mod exchange;
