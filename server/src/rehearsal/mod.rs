//! Rehearsals: a door that enrols whom it is told to, and a hall that serves judges' sockets on this
//! machine. What a competition is signed in by is another feature.

mod door;
mod hall;

pub use door::Door;
pub use hall::Hall;
