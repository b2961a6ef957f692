//! The public pages: home, competition, delegation, board and hall screen, in 中文 and English; and
//! those that get a device ready.
//!
//! [`render`] makes a whole HTML document of a view and does nothing else: no IO, no clock, no
//! state, so that one body can serve everybody who sees the same revision in the same language. The
//! same functions, compiled to wasm, take the page over in the browser and keep it current from the
//! spectators' socket (`browser`).

#[cfg(not(target_arch = "wasm32"))]
mod assets;
mod board;
#[cfg(target_arch = "wasm32")]
pub mod browser;
#[cfg(not(target_arch = "wasm32"))]
mod chief;
mod competition;
#[cfg(not(target_arch = "wasm32"))]
mod countersign;
mod delegation;
#[cfg(not(target_arch = "wasm32"))]
mod desk;
#[cfg(not(target_arch = "wasm32"))]
mod document;
#[cfg(not(target_arch = "wasm32"))]
mod draw;
#[cfg(not(target_arch = "wasm32"))]
mod drawing;
#[cfg(not(target_arch = "wasm32"))]
mod drill;
mod format;
#[cfg(not(target_arch = "wasm32"))]
mod frame_text;
mod home;
#[cfg(any(target_arch = "wasm32", test))]
mod json;
#[cfg(not(target_arch = "wasm32"))]
mod judge;
#[cfg(not(target_arch = "wasm32"))]
mod labels;
mod live;
mod node;
#[cfg(not(target_arch = "wasm32"))]
mod notes;
mod parts;
#[cfg(not(target_arch = "wasm32"))]
mod practice;
#[cfg(not(target_arch = "wasm32"))]
mod qr;
#[cfg(not(target_arch = "wasm32"))]
mod ready;
mod screen;
mod text;
#[cfg(not(target_arch = "wasm32"))]
mod trust;

#[cfg(not(target_arch = "wasm32"))]
pub use assets::{Asset, assets};
#[cfg(not(target_arch = "wasm32"))]
pub use chief::{ChiefDone, ChiefPage, SentForm, chief_address};
#[cfg(not(target_arch = "wasm32"))]
pub use countersign::{CountersignPage, countersign_address};
#[cfg(not(target_arch = "wasm32"))]
pub use desk::{
    ArrivalSaid, Choices, CircuitPage, CompetitionDesk, DeskPage, HomeMay, JoinPage, PromotionPage,
    RegistrationPage, RenewPage, SchemeShown, SkillPage,
};
#[cfg(not(target_arch = "wasm32"))]
pub use document::{Context, Page, Theme, render, rules_preview};
#[cfg(not(target_arch = "wasm32"))]
pub use drawing::drawing_svg;
#[cfg(not(target_arch = "wasm32"))]
pub use drill::DrillPage;
#[cfg(not(target_arch = "wasm32"))]
pub use judge::{judge_manifest, judge_page, judge_version, judge_worker};
#[cfg(not(target_arch = "wasm32"))]
pub use labels::LabelsPage;
#[cfg(not(target_arch = "wasm32"))]
pub use trust::TrustPage;
