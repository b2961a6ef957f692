//! Reading and writing what others use: competition packages and marking workbooks.

pub mod cis;
pub mod files;
mod moment;
pub mod package;
pub mod table;

pub use files::Files;
pub use moment::Moment;
