//! The public pages: home, competition, delegation, board and hall screen, in 中文 and English.
//!
//! [`render`] makes a whole HTML document of a view and does nothing else: no IO, no clock, no
//! state, so that one body can serve everybody who sees the same revision in the same language. The
//! same components, compiled to wasm with the feature `hydrate`, take the page over in the browser
//! and keep it current from the spectators' socket. The features exclude each other in one build.

#[cfg(feature = "ssr")]
mod assets;
#[cfg(any(feature = "ssr", feature = "hydrate"))]
mod board;
#[cfg(feature = "hydrate")]
pub mod browser;
#[cfg(any(feature = "ssr", feature = "hydrate"))]
mod competition;
#[cfg(any(feature = "ssr", feature = "hydrate"))]
mod delegation;
#[cfg(feature = "ssr")]
mod desk;
#[cfg(feature = "ssr")]
mod document;
#[cfg(any(feature = "ssr", feature = "hydrate"))]
mod format;
#[cfg(any(feature = "ssr", feature = "hydrate"))]
mod home;
#[cfg(any(feature = "ssr", feature = "hydrate"))]
mod live;
#[cfg(any(feature = "ssr", feature = "hydrate"))]
mod parts;
#[cfg(any(feature = "ssr", feature = "hydrate"))]
mod screen;
#[cfg(any(feature = "ssr", feature = "hydrate"))]
mod text;

#[cfg(feature = "ssr")]
pub use assets::{Asset, assets};
#[cfg(feature = "ssr")]
pub use desk::DeskPage;
#[cfg(feature = "ssr")]
pub use document::{Context, Page, Theme, render};

/// 擂 as a seal cuts it, in the straight strokes of a 16 by 16 grid: sharp at 16 pixels, square at
/// any size. The square around it is cut out of the same path.
#[cfg(any(feature = "ssr", feature = "hydrate"))]
pub(crate) const SEAL: &str = include_str!("seal.path");
