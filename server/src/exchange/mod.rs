//! Reading and writing what others use: competition packages and marking workbooks.

pub mod cis;
pub mod package;
