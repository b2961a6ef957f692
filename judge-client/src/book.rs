//! What a judge has before them: the sheets as the server last told them, and over them what was
//! entered on this device since. Pure; what a screen shows of a cell is asked of it.

use std::collections::{HashMap, HashSet};

use domain::id::EntryId;
use domain::ledger::{Hash, Status};
use domain::marking::{Body, Mark, Reason};
use domain::scheme::{Aspect, Method};
use domain::scoring::Value;
use protocol::frame::{Call, Cell, Epoch, Submission};
use protocol::judge::{Form, Sheet, SheetCell, Sheets};

use crate::order::in_order;
use crate::outbox::{Confirmed, Kept};
use crate::show::Standing;

/// Where on the sheets somebody is: counted from 0, in the order of [`Sheets`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Spot {
    /// The form.
    pub form: usize,
    /// The competitor.
    pub row: usize,
    /// The aspect within the form.
    pub column: usize,
}

/// How far what stands in a cell has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Given to the device's storage, which has not answered yet.
    Saving,
    /// Saved on this device.
    Saved,
    /// In the server's ledger.
    Received,
    /// The same, with a verified copy in a second place.
    Sealed,
}

/// What stands in a cell, as far as this device knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen<'a> {
    /// The entry that stands there: what a mark made now names as its base.
    pub entry: Option<EntryId>,
    /// What it says; none where the cell is empty, and where what stood there was taken back.
    pub value: Option<&'a Value>,
    /// How far it has come; none where the cell is empty.
    pub reach: Option<Reach>,
    /// The round that a mark belongs to.
    pub round: u32,
    /// What was entered here last and does not count.
    pub aside: Option<Aside<'a>>,
}

/// An own entry that does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aside<'a> {
    /// The entry.
    pub entry: EntryId,
    /// What it says.
    pub value: &'a Value,
    /// Why it does not count.
    pub why: NotCounted<'a>,
}

/// Why an own entry does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotCounted<'a> {
    /// The device could not keep it; it is nowhere.
    NotSaved,
    /// Another value stood there that the judge had not seen; people decide.
    Conflict,
    /// It came after the close, a lock or a competitor's going; people decide.
    Late(&'a str),
    /// The rules do not allow it.
    Refused(&'a str),
}

/// A judge's own word on a sheet, given on this device: a signature, or that there is none
///
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignOff {
    id: EntryId,
    /// The digest of what was signed.
    sheet: Hash,
    /// Whether it says that there is no signature.
    pub declines: bool,
    /// The signature as it was drawn; none where it was not.
    pub strokes: Option<String>,
    /// How far it has come; none while the storage has not answered.
    pub standing: Option<Standing>,
}

/// How far a sheet has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// How many cells hold something.
    pub done: usize,
    /// How many there are.
    pub of: usize,
}

/// A judge's sheets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Book {
    sheets: Sheets,
    entered: HashMap<EntryId, Entered>,
    /// The own entries of each place in any round, in the order in which they were entered.
    at: HashMap<Spot, Vec<EntryId>>,
    /// How many entries were taken in, which is the order of the next one.
    count: usize,
    /// The calls that are no news; none before the first look.
    heard: Option<Vec<Call>>,
    /// The own words on sheets, in the order in which they were given.
    sign_offs: Vec<SignOff>,
    /// Epochs that ended: what was confirmed in one of them is no news.
    past: HashSet<Epoch>,
    /// What was turned down since the sheets before, and is not heard of yet.
    denied: Option<Spot>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entered {
    cell: Cell,
    value: Value,
    /// Counts what was entered on this device. Its clock may be set back between two entries.
    order: usize,
    /// None while the storage has not answered.
    standing: Option<Standing>,
    is_put_aside: bool,
}

impl Book {
    /// The sheets, with nothing entered here.
    #[must_use]
    pub fn new(sheets: Sheets) -> Self {
        let (entered, at) = (HashMap::new(), HashMap::new());
        let (sign_offs, past) = (Vec::new(), HashSet::new());
        Self { sheets, entered, at, count: 0, heard: None, sign_offs, past, denied: None }
    }

    /// What the server told last.
    #[must_use]
    pub fn sheets(&self) -> &Sheets {
        &self.sheets
    }

    /// Whether these are other forms than the judge has before them: a seat has changed hands, and a
    /// [`Spot`] is another place there.
    #[must_use]
    pub fn has_other_forms(&self, sheets: &Sheets) -> bool {
        let ids = |sheets: &Sheets| -> Vec<_> {
            sheets.forms.iter().map(|form| form.sub_criterion.clone()).collect()
        };
        ids(&self.sheets) != ids(sheets)
    }

    /// Takes what the server tells now, unless something newer is known; says whether it was taken.
    /// After a restore of the server numbers begin lower again, in another epoch.
    pub fn renew(&mut self, mut sheets: Sheets) -> bool {
        let is_older = sheets.epoch == self.sheets.epoch && sheets.seq < self.sheets.seq;
        if is_older || self.past.contains(&sheets.epoch) {
            return false;
        }
        if sheets.epoch != self.sheets.epoch {
            self.past.insert(self.sheets.epoch);
        } else if sheets.calls_number < self.sheets.calls_number {
            // A frame overtook them.
            sheets.calls = std::mem::take(&mut self.sheets.calls);
            sheets.calls_number = self.sheets.calls_number;
        }
        self.denied = self.turned_down(&sheets);
        self.sheets = sheets;
        // A judge who takes another's seat gets other forms.
        let mut at: HashMap<Spot, Vec<EntryId>> = HashMap::new();
        for (id, entered) in &self.entered {
            if let Some(spot) = self.spot(&entered.cell) {
                at.entry(spot).or_default().push(*id);
            }
        }
        let order = |id: &EntryId| self.entered.get(id).map(|entered| entered.order);
        at.values_mut().for_each(|ids| *ids = in_order(ids.drain(..), order));
        self.at = at;
        // What counted once was not passed over, whatever replaced it since.
        let told = self.sheets.forms.iter().flat_map(|form| &form.sheets).flat_map(|sheet| &sheet.cells);
        for id in told.filter_map(|cell| cell.entry) {
            if let Some(entered) = self.entered.get_mut(&id) {
                entered.is_put_aside = true;
            }
        }
        true
    }

    /// Where an own request waited and newer sheets of the same forms say that it was turned down.
    fn turned_down(&self, sheets: &Sheets) -> Option<Spot> {
        let waits = |cell: &SheetCell| cell.asked_unlock == Some(false);
        let forms = sheets.forms.iter().enumerate().filter(|_| !self.has_other_forms(sheets));
        let rows =
            |(form, of): (usize, &Form)| (0..of.sheets.len()).map(move |row| (form, row)).collect::<Vec<_>>();
        let mut rows = forms.flat_map(rows);
        rows.find_map(|(form, row)| {
            let cells = &sheets.forms.get(form)?.sheets.get(row)?.cells;
            let before = &self.sheets.forms.get(form)?.sheets.get(row)?.cells;
            let turned =
                |(cell, before): (&SheetCell, &SheetCell)| cell.asked_unlock == Some(true) && waits(before);
            let column = cells.iter().zip(before).position(turned)?;
            Some(Spot { form, row, column })
        })
    }

    /// The aspect of a locked sheet that this judge asked for and that was turned down since the sheets were
    /// told before. From now on it is no news.
    pub fn hear_denied(&mut self) -> Option<Spot> {
        self.denied.take()
    }

    /// Takes in whom the chief judge calls now, unless something newer is known.
    pub fn call(&mut self, epoch: Epoch, number: i64, calls: Vec<Call>) {
        if epoch == self.sheets.epoch && number > self.sheets.calls_number {
            self.sheets.calls_number = number;
            self.sheets.calls = calls;
        }
    }

    /// The row of whom the panel of a form marks now; none where nobody is called.
    #[must_use]
    pub fn called(&self, form: usize) -> Option<usize> {
        let of = &self.sheets.forms.get(form)?.sub_criterion;
        let (_, competitor) = self.sheets.calls.iter().find(|(sub, _)| sub == of)?;
        self.row(competitor.as_str())
    }

    /// The form and row of a call that was not heard of before, of this form rather than another, and
    /// whether it is the first time that this is asked. From now on it is no news.
    pub fn hear(&mut self, form: usize) -> Option<(usize, usize, bool)> {
        let known = self.heard.replace(self.sheets.calls.clone());
        let mut forms = std::iter::once(form).chain(0..self.sheets.forms.len());
        forms.find_map(|form| {
            let of = &self.sheets.forms.get(form)?.sub_criterion;
            let call = self.sheets.calls.iter().find(|(sub, _)| sub == of)?;
            let is_known = known.as_ref().is_some_and(|known| known.contains(call));
            self.called(form).filter(|_| !is_known).map(|row| (form, row, known.is_none()))
        })
    }

    /// The row of a code.
    #[must_use]
    pub fn row(&self, code: &str) -> Option<usize> {
        self.sheets.competitors.iter().position(|competing| competing.code.as_str() == code)
    }

    /// Takes in what the device's storage held at the start, in the order of its numbers; how it
    /// stands is told by the session.
    pub fn restore(&mut self, kept: &Kept) {
        let Submission { id, body, drawing, .. } = &kept.submission;
        match (&kept.cell, body) {
            (Some(cell), Body::Mark(mark)) => self.enter(*id, cell.clone(), mark.value.clone()),
            (_, Body::Sign(sign)) => {
                let strokes = drawing.as_ref().map(|drawing| drawing.strokes().to_owned());
                self.sign_off(*id, sign.sheet, false, strokes);
            }
            (_, Body::Decline(decline)) => self.sign_off(*id, decline.sheet, true, None),
            _ => {}
        }
    }

    /// Takes in the own word on the sheet of that digest.
    pub fn sign_off(&mut self, id: EntryId, sheet: Hash, declines: bool, strokes: Option<String>) {
        if self.sign_offs.iter().all(|known| known.id != id) {
            self.sign_offs.push(SignOff { id, sheet, declines, strokes, standing: None });
        }
    }

    /// The own word on a sheet as it stands, where the sheets do not tell it yet, or it came to nothing.
    #[must_use]
    pub fn signed_off(&self, spot: Spot) -> Option<&SignOff> {
        let digest = self.sheet(spot)?.digest?;
        let last = self.sign_offs.iter().rev().find(|known| known.sheet == digest)?;
        let is_told = match &last.standing {
            Some(Standing::Received(confirmed) | Standing::Sealed(confirmed)) => {
                confirmed.status == Status::Accepted && !self.is_later(confirmed)
            }
            _ => false,
        };
        (!is_told).then_some(last)
    }

    /// The own word on a sheet as it stands that counts, as far as this device knows, and that the sheets
    /// do not tell yet.
    #[must_use]
    pub fn signing_off(&self, spot: Spot) -> Option<&SignOff> {
        let counts = |standing: &Standing| not_counted(standing).is_none();
        self.signed_off(spot).filter(|word| word.standing.as_ref().is_none_or(counts))
    }

    /// Takes in a mark that was entered now.
    pub fn enter(&mut self, id: EntryId, cell: Cell, value: Value) {
        let (spot, order) = (self.spot(&cell), self.count);
        self.count += 1;
        let entered = Entered { cell, value, order, standing: None, is_put_aside: false };
        let known = self.entered.insert(id, entered);
        if let (None, Some(spot)) = (known, spot) {
            self.at.entry(spot).or_default().push(id);
        }
    }

    /// What an entry says, and where; none where this device does not know it.
    #[must_use]
    pub fn entered(&self, id: EntryId) -> Option<(&Cell, &Value)> {
        self.entered.get(&id).map(|entered| (&entered.cell, &entered.value))
    }

    /// How an entry stands now.
    pub fn stand(&mut self, id: EntryId, standing: Standing) {
        if let Some(word) = self.sign_offs.iter_mut().find(|word| word.id == id) {
            word.standing = Some(standing);
            return;
        }
        if let Some(entered) = self.entered.get_mut(&id) {
            entered.standing = Some(standing);
        }
    }

    /// The judge has seen that an own entry does not count.
    pub fn put_aside(&mut self, id: EntryId) {
        if let Some(entered) = self.entered.get_mut(&id) {
            entered.is_put_aside = true;
        }
    }

    /// Whether the sheets are behind what the server says is effective in a cell, so that they have
    /// to be asked for again.
    #[must_use]
    pub fn is_behind(&self, cell: &Cell, head: Option<EntryId>) -> bool {
        let seen = self.spot(cell).and_then(|spot| self.seen(spot));
        let is_own_on_top =
            seen.as_ref().is_some_and(|seen| matches!(seen.reach, Some(Reach::Saving | Reach::Saved)));
        if head.is_some_and(|id| self.entered.contains_key(&id)) {
            return !is_own_on_top && seen.is_some_and(|seen| seen.entry != head);
        }
        self.spot(cell).is_none_or(|spot| {
            let told = self.told(spot);
            told.is_none_or(|told| told.round != cell.round || told.entry != head)
        })
    }

    /// The form of a place.
    #[must_use]
    pub fn form(&self, spot: Spot) -> Option<&Form> {
        self.sheets.forms.get(spot.form)
    }

    /// The aspect of a place.
    #[must_use]
    pub fn aspect(&self, spot: Spot) -> Option<&Aspect> {
        self.form(spot)?.aspects.get(spot.column)
    }

    /// The sheet of a place, as the server told it.
    #[must_use]
    pub fn sheet(&self, spot: Spot) -> Option<&Sheet> {
        self.form(spot)?.sheets.get(spot.row)
    }

    /// A cell as the server told it.
    #[must_use]
    pub fn told(&self, spot: Spot) -> Option<&SheetCell> {
        self.sheet(spot)?.cells.get(spot.column)
    }

    /// What stands in a cell.
    #[must_use]
    pub fn seen(&self, spot: Spot) -> Option<Seen<'_>> {
        let told = self.told(spot)?;
        let own = self.at.get(&spot).map(Vec::as_slice).unwrap_or_default();
        let own = own.iter().rev().filter_map(|id| Some((*id, self.entered.get(id)?)));
        // Only the last word is asked about; what was said before it is no longer meant. One that a
        // closed round did not take is the last word still, until something is said in the next.
        let aside = own.clone().next().and_then(|(id, entered)| {
            let why = entered.standing.as_ref().and_then(not_counted).filter(|_| !entered.is_put_aside)?;
            Some(Aside { entry: id, value: &entered.value, why })
        });
        for (id, entered) in own.filter(|(_, entered)| entered.cell.round == told.round) {
            let entry = Some(id);
            let here = |reach| (entry, Some(&entered.value), Some(reach));
            let (entry, value, reach) = match &entered.standing {
                None => here(Reach::Saving),
                Some(Standing::Saved) => here(Reach::Saved),
                Some(Standing::Received(confirmed)) if self.is_effective(confirmed, id, told) => {
                    here(if told.entry == entry { reach_told(told) } else { Reach::Received })
                }
                Some(Standing::Sealed(confirmed)) if self.is_effective(confirmed, id, told) => {
                    here(Reach::Sealed)
                }
                _ => continue,
            };
            return Some(Seen { entry, value: said(value), reach, round: told.round, aside });
        }
        let reach = told.value.as_ref().map(|_| reach_told(told));
        Some(Seen { entry: told.entry, value: said(told.value.as_ref()), reach, round: told.round, aside })
    }

    /// The cell that a place stands for, in its present round.
    #[must_use]
    pub fn cell(&self, spot: Spot) -> Option<Cell> {
        let aspect = self.aspect(spot)?;
        let is_measured = matches!(aspect.method, Method::Measurement(_));
        Some(Cell {
            aspect: aspect.id.clone(),
            competitor: self.sheets.competitors.get(spot.row)?.code.clone(),
            judge: (!is_measured).then(|| self.sheets.judge.clone()),
            round: self.told(spot)?.round,
        })
    }

    /// The mark that says a value at a place, with why where it is a correction.
    #[must_use]
    pub fn mark(&self, spot: Spot, value: Value, reason: Reason) -> Option<Mark> {
        let Cell { aspect, competitor, round, .. } = self.cell(spot)?;
        Some(Mark { aspect, competitor, judge: self.sheets.judge.clone(), reason, round, value })
    }

    /// Whether this judge may enter something there at all: a trainee enters no measurement.
    #[must_use]
    pub fn takes(&self, spot: Spot) -> bool {
        let is_measured = |aspect: &Aspect| matches!(aspect.method, Method::Measurement(_));
        self.is_own(spot)
            && self
                .form(spot)
                .zip(self.aspect(spot))
                .is_some_and(|(form, aspect)| form.counts || !is_measured(aspect))
    }

    /// Whether this judge marks this competitor on this form: where somebody else stands in, they do not
    ///
    #[must_use]
    pub fn is_own(&self, spot: Spot) -> bool {
        self.sheet(spot).is_some_and(|sheet| sheet.marked_by.is_none())
    }

    /// Whether a mark made there now would only wait for a decision: the sheet is locked, marking is
    /// over, or the competitor is out.
    #[must_use]
    pub fn is_late(&self, spot: Spot) -> bool {
        let is_out = self.sheets.competitors.get(spot.row).is_none_or(|competing| competing.is_out);
        let is_unlocked = self.told(spot).is_some_and(|told| told.is_unlocked);
        let is_locked = self.sheet(spot).is_some_and(|sheet| sheet.is_locked) || !self.sheets.is_open;
        is_out || (is_locked && !is_unlocked)
    }

    /// How far one competitor's sheet has come.
    #[must_use]
    pub fn progress(&self, form: usize, row: usize) -> Progress {
        let columns = self.sheets.forms.get(form).map_or(0, |form| form.aspects.len());
        let spots = (0..columns).map(|column| Spot { form, row, column }).filter(|spot| self.takes(*spot));
        spots.fold(Progress { done: 0, of: 0 }, |all, spot| Progress {
            done: all.done + usize::from(!self.is_open(spot)),
            of: all.of + 1,
        })
    }

    /// Whether something on a sheet was scored before and has to be scored again.
    #[must_use]
    pub fn is_due_again(&self, form: usize, row: usize) -> bool {
        let columns = self.sheets.forms.get(form).map_or(0, |form| form.aspects.len());
        let is_later = |spot: Spot| self.is_own(spot) && self.told(spot).is_some_and(|told| told.round > 1);
        let mut spots = (0..columns).map(|column| Spot { form, row, column });
        spots.any(|spot| is_later(spot) && self.is_open(spot))
    }

    /// What a sheet's signature has to name, where it waits for this judge's: nothing is missing on it,
    /// nothing of this device's is still on its way to it, and no word on it was given here.
    #[must_use]
    pub fn to_sign(&self, form: usize, row: usize) -> Option<Hash> {
        let counts = self.sheets.forms.get(form).is_some_and(|form| form.counts);
        let spot = Spot { form, row, column: 0 };
        let sheet = self.sheet(spot)?;
        let is_waited_for =
            counts && self.is_own(spot) && !sheet.is_signed && self.signing_off(spot).is_none();
        let is_due = is_waited_for && !self.has_unsent(form, row) && !self.is_untold(form, row);
        sheet.digest.filter(|_| is_due)
    }

    /// The first sheet that waits for this judge's word, and how many do; one that the judge declined to
    /// sign waits for the chief judge.
    #[must_use]
    pub fn all_to_sign(&self) -> (Option<Spot>, usize) {
        let places = (0..self.sheets.forms.len())
            .flat_map(|form| self.competing().map(move |row| Spot { form, row, column: 0 }));
        let is_declined = |spot: &Spot| self.sheet(*spot).is_some_and(|sheet| sheet.is_declined);
        let mut due = places.filter(|spot| self.to_sign(spot.form, spot.row).is_some() && !is_declined(spot));
        let first = due.next();
        (first, usize::from(first.is_some()) + due.count())
    }

    /// Whether something of this device's on a sheet has no receipt yet.
    #[must_use]
    pub fn has_unsent(&self, form: usize, row: usize) -> bool {
        let is_unsent = |entered: &Entered| matches!(entered.standing, None | Some(Standing::Saved));
        self.entered_on(form, row).any(is_unsent)
    }

    /// Whether the server has something of this device's on a sheet that the sheets, as they were told last,
    /// do not know: what they say of marks, of the panel and of the signature is old.
    #[must_use]
    pub fn is_untold(&self, form: usize, row: usize) -> bool {
        let is_untold = |entered: &Entered| match &entered.standing {
            Some(Standing::Received(confirmed) | Standing::Sealed(confirmed)) => {
                confirmed.status == Status::Accepted && self.is_later(confirmed)
            }
            _ => false,
        };
        self.entered_on(form, row).any(is_untold)
    }

    fn entered_on(&self, form: usize, row: usize) -> impl Iterator<Item = &Entered> {
        let on_sheet = self.at.iter().filter(move |(spot, _)| (spot.form, spot.row) == (form, row));
        on_sheet.flat_map(|(_, ids)| ids).filter_map(|id| self.entered.get(id))
    }

    /// Whether nothing of this judge's is missing on the sheet that an entry belongs to.
    #[must_use]
    pub fn is_whole_with(&self, id: EntryId) -> bool {
        let spot = self.entered.get(&id).and_then(|entered| self.spot(&entered.cell));
        spot.is_some_and(|spot| !self.waits(self.first_open(spot.form, spot.row)))
    }

    /// How far all sheets of a form have come; who is out is left out.
    #[must_use]
    pub fn form_progress(&self, form: usize) -> Progress {
        self.competing().map(|row| self.progress(form, row)).fold(Progress { done: 0, of: 0 }, Progress::and)
    }

    /// How far everything has come.
    #[must_use]
    pub fn all_progress(&self) -> Progress {
        let forms = (0..self.sheets.forms.len()).map(|form| self.form_progress(form));
        forms.fold(Progress { done: 0, of: 0 }, Progress::and)
    }

    /// The next place without a mark after this one: on the same sheet first, then the same form's
    /// other competitors in their order, then the other forms. None where everything is marked.
    #[must_use]
    pub fn next_open(&self, from: Spot) -> Option<Spot> {
        let forms = self.sheets.forms.len();
        let rows = self.sheets.competitors.len();
        let of_sheet = |form: usize, row: usize, first: usize| {
            let columns = self.sheets.forms.get(form).map_or(0, |form| form.aspects.len());
            (0..columns).map(move |step| Spot { form, row, column: (first + step) % columns.max(1) })
        };
        let own = of_sheet(from.form, from.row, from.column + 1);
        let others = (0..forms).flat_map(|step| {
            let form = (from.form + step) % forms.max(1);
            let first = if step == 0 { from.row + 1 } else { from.row };
            (0..rows).flat_map(move |step| of_sheet(form, (first + step) % rows.max(1), 0))
        });
        own.chain(others).find(|spot| self.waits(*spot))
    }

    /// Where one competitor's sheet of a form is opened: at the first place without a mark.
    #[must_use]
    pub fn first_open(&self, form: usize, row: usize) -> Spot {
        let columns = self.sheets.forms.get(form).map_or(0, |form| form.aspects.len());
        let mut spots = (0..columns).map(|column| Spot { form, row, column });
        spots.find(|spot| self.waits(*spot)).unwrap_or(Spot { form, row, column: 0 })
    }

    /// Whether part of one competitor's sheet of a form is marked, and part waits for a mark.
    #[must_use]
    pub fn is_half_done(&self, form: usize, row: usize) -> bool {
        self.progress(form, row).done > 0 && self.waits(self.first_open(form, row))
    }

    /// How many of the entries that do not count are nowhere, because the device could not keep them.
    #[must_use]
    pub fn not_saved(&self) -> usize {
        let is_lost = |spot: &&Spot| {
            let why = self.seen(**spot).and_then(|seen| seen.aside).map(|aside| aside.why);
            why == Some(NotCounted::NotSaved)
        };
        self.asides().iter().filter(is_lost).count()
    }

    /// How far one entry has come; none where the storage has not answered or it is not known.
    #[must_use]
    pub fn standing(&self, id: EntryId) -> Option<&Standing> {
        self.entered.get(&id)?.standing.as_ref()
    }

    /// The places where an own entry does not count and the judge has not said to have seen it.
    #[must_use]
    pub fn asides(&self) -> Vec<Spot> {
        let has_aside = |spot: &Spot| self.seen(*spot).is_some_and(|seen| seen.aside.is_some());
        let spots = self.at.keys().copied().filter(has_aside);
        in_order(spots, |spot| (spot.form, spot.row, spot.column))
    }

    /// Whether a mark of this judge's that would count is missing there.
    fn waits(&self, spot: Spot) -> bool {
        self.takes(spot) && !self.is_late(spot) && self.is_open(spot)
    }

    /// Whether nothing stands there, or another round is due.
    fn is_open(&self, spot: Spot) -> bool {
        self.seen(spot).is_none_or(|seen| seen.value.is_none())
    }

    fn competing(&self) -> impl Iterator<Item = usize> {
        let competitors = self.sheets.competitors.iter().enumerate();
        competitors.filter(|(_, competing)| !competing.is_out).map(|(row, _)| row)
    }

    /// Whether an entry stands in its cell: accepted later than the sheets tell, or what they name.
    fn is_effective(&self, confirmed: &Confirmed, id: EntryId, told: &SheetCell) -> bool {
        let is_news = confirmed.status == Status::Accepted && self.is_later(confirmed);
        is_news || told.entry == Some(id)
    }

    /// Whether something was confirmed later than the sheets tell.
    fn is_later(&self, confirmed: &Confirmed) -> bool {
        if confirmed.epoch == self.sheets.epoch {
            confirmed.seq > self.sheets.seq
        } else {
            !self.past.contains(&confirmed.epoch)
        }
    }

    /// Where a cell is on the sheets.
    #[must_use]
    pub fn spot(&self, cell: &Cell) -> Option<Spot> {
        let row = self.row(cell.competitor.as_str())?;
        let (form, column) = self.sheets.forms.iter().enumerate().find_map(|(at, form)| {
            Some((at, form.aspects.iter().position(|aspect| aspect.id == cell.aspect)?))
        })?;
        Some(Spot { form, row, column })
    }
}

impl Progress {
    /// Whether nothing is left.
    #[must_use]
    pub fn is_whole(self) -> bool {
        self.done == self.of
    }

    fn and(self, other: Self) -> Self {
        Self { done: self.done + other.done, of: self.of + other.of }
    }
}

/// How far what the server tells of a cell has come.
fn reach_told(told: &SheetCell) -> Reach {
    if told.is_sealed { Reach::Sealed } else { Reach::Received }
}

/// What was taken back says nothing.
fn said(value: Option<&Value>) -> Option<&Value> {
    value.filter(|value| **value != Value::Missing)
}

/// Why an entry does not count, where it is known not to.
fn not_counted(standing: &Standing) -> Option<NotCounted<'_>> {
    let (Standing::Received(confirmed) | Standing::Sealed(confirmed)) = standing else {
        return matches!(standing, Standing::NotSaved).then_some(NotCounted::NotSaved);
    };
    let code = confirmed.code.as_deref().unwrap_or_default();
    match confirmed.status {
        Status::Accepted => None,
        Status::Conflict => Some(NotCounted::Conflict),
        Status::Late => Some(NotCounted::Late(code)),
        Status::Refused => Some(NotCounted::Refused(code)),
    }
}

#[cfg(test)]
mod tests;
