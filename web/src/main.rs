//! The program that a browser runs; elsewhere it is nothing.

fn main() {
    #[cfg(target_arch = "wasm32")]
    web::browser::start();
}
