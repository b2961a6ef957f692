//! The browser's side: takes a rendered page over and keeps it current.
