//! What the chief judge's page shows of this device: battery, what is unsent, which program.

use leptos::prelude::*;
use protocol::account::Report;

use super::super::{api, browser};
use super::Ui;

impl Ui {
    /// Tells the server of this device, unless it was told just that.
    pub(super) async fn report(self) {
        let (battery, is_charging) = browser::battery().await;
        let report = Report {
            battery,
            is_lasting: self.is_lasting.get_untracked(),
            is_charging,
            unsent: u32::try_from(self.unsent.get_untracked()).unwrap_or(u32::MAX),
            version: browser::page_data("data-version").unwrap_or_default(),
        };
        // A server that was started again knows nothing; what it is told anew is told once a connection.
        let told = Some(report.clone());
        if self.told.with_value(|before| *before != told) && api::report(&report, self.tag()).await.is_ok() {
            self.told.set_value(told);
        }
    }
}
