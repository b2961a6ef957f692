//! The benchmarks, by `cargo xtask bench NAME`.
#![expect(clippy::expect_used, reason = "a benchmark stops at what it cannot do")]

mod writer;

fn main() {
    let mut words = std::env::args().skip(1);
    match words.next().as_deref() {
        Some("writer") => writer::run(&words.collect::<Vec<_>>()),
        _ => eprintln!("which benchmark? One of: writer"),
    }
}
