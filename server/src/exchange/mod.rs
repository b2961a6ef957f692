//! Reading and writing what others use: competition packages, marking workbooks and
//! lists of people and marks, and schemes as tables.

pub mod cis;
pub mod files;
pub mod judges;
pub mod list;
pub mod marks;
mod moment;
pub mod package;
pub mod roster;
mod safety;
pub mod scheme;
pub mod sheet;
pub mod table;

pub use files::Files;
pub use moment::Moment;
