//! Ledgers for tests: a builder that decides, seals and chains one command after another, and a
//! seeded generator of whole skills that uses it.
//!
//! Builders have good defaults; the same seed always gives the same ledger.

mod act;
pub(crate) mod example;
pub(crate) mod random;
pub(crate) mod skills;

use std::collections::HashMap;
use std::path::Path;

use domain::id::{DeviceId, EntryId, LedgerId};
use domain::ledger::checkpoint::{Checkpoint, Note};
use domain::ledger::{Command, Hash, Sealed, tree};
use domain::marking::{Body, Skill, Stamp, State, decide, evolve};
use domain::results::{Standing, standings};

pub(crate) use act::Act;
use random::Random;

/// A ledger as it grows.
pub(crate) struct LedgerBuilder {
    /// What the entries so far amount to.
    pub(crate) state: State,
    /// The entries so far.
    pub(crate) entries: Vec<Sealed>,
    ledger: LedgerId,
    now: i64,
    ids: Random,
    devices: HashMap<DeviceId, i64>,
}

impl LedgerBuilder {
    /// An empty ledger; ids and times follow from the seed.
    pub(crate) fn new(ledger: &str, seed: u64) -> Self {
        Self {
            state: State::new(),
            entries: Vec::new(),
            ledger: ledger.into(),
            now: 1_760_000_000_000,
            ids: Random::new(seed ^ 0x1D5),
            devices: HashMap::new(),
        }
    }

    /// Sends a command, whatever becomes of it, and gives the entry.
    pub(crate) fn send(&mut self, act: Act) -> &Sealed {
        self.now += i64::try_from(self.ids.below(90_000)).expect("small");
        let id = self.new_id();
        let dseq = self.devices.entry(act.device.clone()).or_insert(0);
        *dseq += 1;
        let command = Command {
            actor: act.actor,
            base: act.base,
            body: act.body,
            // A tablet's clock may be wrong by minutes, whichever way.
            client_time: self.now - 120_000 + i64::try_from(self.ids.below(240_000)).expect("small"),
            device: act.device,
            dseq: *dseq,
            id,
            role: act.role,
            second: act.second,
        };
        // A server's clock may jump back; the ledger's time then stands still.
        let now = if self.ids.chance(3) { self.now - 3_600_000 } else { self.now };
        let stamp = Stamp { ledger: self.ledger.clone(), now };
        let sealed = decide(&self.state, command, &stamp).expect("a command that can be written").sealed;
        self.state = evolve(std::mem::take(&mut self.state), &sealed);
        self.entries.push(sealed);
        &self.entries[self.entries.len() - 1]
    }

    /// A `UUIDv7` in the order of time.
    fn new_id(&mut self) -> EntryId {
        let millis = u128::try_from(self.now).expect("after 1970");
        let (high, low) = (u128::from(self.ids.next() & 0xfff), u128::from(self.ids.next() >> 2));
        EntryId((millis << 80) | (0x7 << 76) | (high << 64) | (0b10 << 62) | low)
    }

    /// The opened skill.
    pub(crate) fn skill(&self) -> &Skill {
        self.state.skill.as_ref().expect("an opened skill")
    }

    /// Its results.
    pub(crate) fn standings(&self) -> Vec<Standing> {
        standings(self.skill())
    }

    /// The lines of an export, without line feeds.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.entries.iter().map(Sealed::line).collect()
    }

    /// The checkpoint over the first `size` entries, as a note. The signature is for show: what is
    /// tested here does not read it.
    pub(crate) fn note(&self, size: usize) -> String {
        let leaves: Vec<Hash> = self.entries[..size].iter().map(|sealed| sealed.hash).collect();
        let checkpoint = Checkpoint::new(&self.ledger, size as u64, tree::root(&leaves));
        Note { text: checkpoint.text(), signatures: vec![("leitai".into(), "AAAA".into())] }.to_text()
    }

    /// Writes `ledger.ndjson`, `ledger.note` over all of it and `expected.csv` into a folder.
    pub(crate) fn export(&self, folder: &Path) {
        let write = |name: &str, text: String| std::fs::write(folder.join(name), text).expect(name);
        write("ledger.ndjson", self.lines().join("\n") + "\n");
        write("ledger.note", self.note(self.entries.len()));
        write("expected.csv", csv_of(&self.standings()));
    }
}

/// Results as `expected.csv` and the commands print them.
pub(crate) fn csv_of(standings: &[Standing]) -> String {
    let text = |cell: Option<String>| cell.unwrap_or_default();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["competitor", "total", "scale", "position", "award"]).expect("a row");
    for row in standings {
        let cells = [
            row.competitor.to_string(),
            text(row.total.map(|total| total.to_string())),
            text(row.scale.map(|scale| scale.to_string())),
            text(row.position.map(|position| position.to_string())),
            text(row.award.clone()),
        ];
        writer.write_record(cells).expect("a row");
    }
    String::from_utf8(writer.into_inner().expect("all written")).expect("UTF-8")
}

/// The name of a body's kind, as the ledger writes it.
pub(crate) fn kind_of(body: &Body) -> String {
    match serde_json::to_value(body).expect("a body") {
        serde_json::Value::Object(fields) => fields.keys().next().cloned().unwrap_or_default(),
        _ => String::new(),
    }
}
