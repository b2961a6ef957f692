//! Reading and writing what others use: competition packages, marking workbooks and
//! rosters of people.

pub mod cis;
pub mod files;
mod moment;
pub mod package;
pub mod roster;
mod safety;
pub mod sheet;
pub mod table;

pub use files::Files;
pub use moment::Moment;
