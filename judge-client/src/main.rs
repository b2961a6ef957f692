//! The program that a tablet's browser runs; elsewhere it is nothing.

fn main() {
    #[cfg(all(feature = "app", target_arch = "wasm32"))]
    judge_client::app::start();
}
