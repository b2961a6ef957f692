//! Everybody here is made up, numbers included.

mod made;
mod numbers;
mod out;
mod rows;
mod whole;
