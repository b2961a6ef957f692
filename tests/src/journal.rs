//! A tablet's own account of what was entered there and what it was told, a line each, which
//! `tests/check_journals.py` holds against the ledger.
//!
//! Lines are written but not flushed to the disk: it is the server that is killed, not the tablet.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::Mutex;

use domain::id::EntryId;
use judge_client::{Act, Device, Standing};
use serde_json::{Value, json};

/// The journal of one tablet.
#[derive(Debug)]
pub struct Journal {
    file: Mutex<File>,
}

impl Journal {
    /// Begins one.
    #[must_use]
    pub fn begin(path: &Path, device: &Device) -> Self {
        let file = File::create_new(path).expect("a new journal");
        let journal = Self { file: Mutex::new(file) };
        journal.write(&json!({"device": device.id, "ledger": device.ledger}));
        journal
    }

    /// To be said before the act is given to the tablet's session.
    pub fn entered(&self, act: &Act) {
        let Act { id, body, base, client_time, .. } = act;
        self.write(&json!({"entered": {"id": id, "body": body, "base": base, "client_time": client_time}}));
    }

    /// What the tablet showed of an entry.
    pub fn shown(&self, id: EntryId, standing: &Standing) {
        match standing {
            Standing::Received(confirmed) | Standing::Sealed(confirmed) => {
                let mut line = serde_json::to_value(confirmed).expect("JSON");
                line["id"] = json!(id);
                self.write(&json!({"received": line}));
            }
            Standing::NotSaved => self.write(&json!({"not_saved": {"id": id}})),
            Standing::Saved => {}
        }
    }

    fn write(&self, line: &Value) {
        let mut file = self.file.lock().expect("nobody stopped while writing");
        file.write_all(format!("{line}\n").as_bytes()).expect("a line is written");
    }
}
