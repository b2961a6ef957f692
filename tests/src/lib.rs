//! What the whole-system tests stand on: the program as a child process, folders that go away,
//! packages written from small tables, databases of their own, and randomness with a seed.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops at what it cannot do, and says so"
)]

pub mod chief;
pub mod contest;
pub mod database;
pub mod export;
pub mod folder;
pub mod followed;
pub mod hall;
pub mod http;
pub mod journal;
pub mod ledger_server;
pub mod office;
pub mod package;
pub mod person;
pub mod picture;
pub mod program;
pub mod random;
pub mod secure;
pub mod serving;
pub mod shared;
pub mod signing;
pub mod skill;
pub mod small_disk;
pub mod table;
pub mod workbook;

pub use database::TestDatabase;
pub use folder::TemporaryFolder;
pub use hall::{Hall, Tablet};
pub use journal::Journal;
pub use ledger_server::LedgerServer;
pub use package::PackageBuilder;
pub use person::resident_number;
pub use program::{Said, leitai};
pub use random::Random;
pub use serving::Serving;
pub use small_disk::SmallDisk;
pub use table::Rows;
