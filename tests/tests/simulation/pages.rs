//! What is done at pages of the server's in a simulated session: forms that somebody opened, and that are sent
//! late, twice, or after what they are about has changed; and what waits for a second person.

use domain::access::Role;
use domain::id::{DeviceId, EntryId, JudgeCode};
use domain::ledger::{Command, Hash, Status};
use domain::marking::{Body, Countersign, Countersigned, Lock, Sign, Skill, Stamp, State, foresee};
use domain::results::difference::{Change, difference};
use protocol::drawing::Drawing;

use crate::people::Deed;
use crate::random::Random;
use crate::skill;
use crate::world::{Checked, World};

/// Who enters something, and as which device of the ledger.
#[derive(Clone)]
pub(crate) struct Author {
    pub(crate) actor: String,
    pub(crate) role: Role,
    pub(crate) device: DeviceId,
}

impl Author {
    /// The chief judge's page.
    fn chief() -> Self {
        Self { actor: "J0".to_owned(), role: Role::ChiefJudge, device: "chief:J0".into() }
    }

    /// The page at a judge's tablet.
    fn judge(number: usize) -> Self {
        Self {
            actor: format!("J{number}"),
            role: Role::Judge,
            device: format!("page:J{number}").as_str().into(),
        }
    }
}

/// A form as it was opened: its entry's id is its own, however often it is sent.
#[derive(Clone)]
struct Form {
    author: Author,
    act: EntryId,
    body: Body,
    base: Option<EntryId>,
    second: Option<String>,
    /// What a second person saw that it would change.
    seen: Option<Vec<Change>>,
    /// At which number of the ledger it was opened.
    opened_at: i64,
}

/// What is open at pages; it stays open whatever becomes of the server.
pub(crate) struct Pages {
    random: Random,
    forms: Vec<Form>,
}

impl Pages {
    pub(crate) fn new(random: Random) -> Self {
        Self { random, forms: Vec::new() }
    }
}

impl World {
    /// Somebody opens a form, or sends one.
    pub(crate) fn act_at_pages(&mut self) -> Checked {
        let Some(pages) = &mut self.pages else { return Ok(()) };
        if pages.random.chance(200) {
            self.open_form();
        }
        let Some(pages) = &mut self.pages else { return Ok(()) };
        if pages.random.chance(200) && self.now_ms >= self.is_up_from_ms { self.send_form() } else { Ok(()) }
    }

    /// Somebody does what a sheet still lacks, or now and then marks on it all the same.
    pub(crate) fn finish(&mut self) -> Checked {
        let Some(pages) = &mut self.pages else { return Ok(()) };
        if !pages.random.chance(700) {
            return Ok(());
        }
        if pages.random.chance(30) {
            return self.act();
        }
        let (row, number) =
            (pages.random.index(skill::COMPETITORS.len()), pages.random.index(self.tablets.len()));
        let id = EntryId((pages.random.wide() >> 2) | 2);
        let (state, tablet) = (&self.journal.state, &self.tablets[number]);
        let skill = state.skill.as_deref().expect("an opened skill");
        if let Some(waiting) = skill::waiting(skill, row) {
            // What stands there stays.
            if self.now_ms >= self.is_up_from_ms {
                let now = self.time();
                self.journal.enter(Author::chief(), (id, waiting, None), None, now);
            }
            return Ok(());
        }
        // Whose tablet is away says the score, and the chief judge takes it down.
        if pages.random.chance(300)
            && let Some((judge, score)) = skill::spoken(&mut pages.random, skill, row)
        {
            if self.now_ms >= self.is_up_from_ms {
                let now = self.time();
                self.journal.enter(Author::chief(), (id, score, None), Some(judge), now);
            }
            return Ok(());
        }
        let Some(session) = &tablet.session else { return Ok(()) };
        match skill::lacking(&mut pages.random, skill, (row, &tablet.actor), |cell| session.head(cell)) {
            Some(said) => self.enter(number, id, said),
            None => Ok(()),
        }
    }

    fn open_form(&mut self) {
        let Some(pages) = &mut self.pages else { return };
        let random = &mut pages.random;
        let act = EntryId((random.wide() >> 2) | 2);
        let opened_at = self.journal.state.head.seq;
        let open = |author, body| Form { author, act, body, base: None, second: None, seen: None, opened_at };
        let state = &self.journal.state;
        let skill = state.skill.as_deref().expect("an opened skill");
        let form = match random.below(6) {
            0 | 1 => sign_for(random, skill).map(|body| open(Author::chief(), body)),
            2 => countersign(random, skill).map(|(author, body)| open(author, body)),
            3 | 4 => lock(random, skill).map(|body| open(Author::chief(), body)),
            _ => {
                let (body, base) = skill::by_two(random, &self.journal);
                let second = match &body {
                    // A spoken score is confirmed by who said it.
                    Body::Mark(mark) => mark.judge.to_string(),
                    _ => "organiser".to_owned(),
                };
                let form = Form { base, second: Some(second), ..open(Author::chief(), body) };
                // What the rules would not accept is not asked for.
                foretell(state, &form).ok().map(|seen| Form { seen: Some(seen), ..form })
            }
        };
        if let Some(form) = form {
            pages.forms.push(form);
        }
    }

    /// A form is sent, late or again. Whoever confirms what has another effect by now is shown that first.
    fn send_form(&mut self) -> Checked {
        let Some(pages) = &mut self.pages else { return Ok(()) };
        if pages.forms.is_empty() {
            return Ok(());
        }
        let at = pages.random.index(pages.forms.len());
        let is_kept = pages.random.chance(500);
        let form = pages.forms[at].clone();
        let was_there = self.journal.find(form.act).cloned();
        if let (Some(seen), None) = (&form.seen, &was_there)
            && let Ok(now) = foretell(&self.journal.state, &form)
            && now != *seen
        {
            pages.forms[at].seen = Some(now);
            self.deed(Deed::DifferenceChanged);
            return Ok(());
        }
        if !is_kept {
            pages.forms.remove(at);
        }
        let (before, count) = (self.journal.state.head.seq, self.journal.entries.len());
        let skill = |state: &State| state.skill.clone().expect("an opened skill");
        let seen = form.seen.map(|seen| (seen, skill(&self.journal.state)));
        let now = self.time();
        let status =
            self.journal.enter(form.author, (form.act, form.body.clone(), form.base), form.second, now);
        if let Some(entry) = was_there {
            self.deed(Deed::FormAgain);
            let is_same = self.journal.entries.len() == count && status == Some(entry.entry.status);
            return if is_same { Ok(()) } else { Err("A FORM SENT AGAIN DID SOMETHING AGAIN".to_owned()) };
        }
        if before != form.opened_at {
            self.deed(Deed::FormLate);
        }
        match (&form.body, status) {
            (_, None) => return Err("A FORM WAS NOT ENTERED".to_owned()),
            (Body::Countersign(_), Some(Status::Accepted)) => self.deed(Deed::Countersigned),
            (Body::Sign(_), Some(Status::Accepted)) => self.deed(Deed::SignedFor),
            (Body::Lock(_), Some(Status::Accepted)) => self.deed(Deed::Locked),
            (Body::Countersign(_) | Body::Sign(_) | Body::Lock(_), _) => self.deed(Deed::SheetChanged),
            (_, Some(Status::Accepted)) => self.deed(Deed::Confirmed),
            (_, Some(_)) => self.deed(Deed::ConfirmedTooLate),
        }
        match seen {
            Some((seen, before)) if status == Some(Status::Accepted) => {
                let is_so = difference(&before, &skill(&self.journal.state)) == seen;
                if is_so { Ok(()) } else { Err("ANOTHER DIFFERENCE THAN WAS SEEN".to_owned()) }
            }
            _ => Ok(()),
        }
    }
}

/// What a form would change now, or that the rules would not accept it.
fn foretell(state: &State, form: &Form) -> Result<Vec<Change>, ()> {
    let command = Command {
        actor: form.author.actor.clone(),
        base: form.base,
        body: form.body.clone(),
        client_time: skill::BEGIN,
        device: form.author.device.clone(),
        dseq: 1,
        id: form.act,
        role: form.author.role,
        second: form.second.clone(),
    };
    let stamp = Stamp { ledger: skill::LEDGER.into(), now: skill::BEGIN };
    let after = foresee(state, command, &stamp).map_err(|_| ())?;
    let (before, after) = (state.skill.as_deref(), after.skill.as_deref());
    Ok(difference(before.expect("an opened skill"), after.expect("an opened skill")))
}

/// Now and then a form is sent of a sheet that nobody was shown.
fn is_due(random: &mut Random, is_so: bool) -> bool {
    is_so || random.chance(50)
}

fn reason() -> Option<Hash> {
    Some(Hash([7; 32]))
}

/// The chief judge signs for somebody who has not signed.
fn sign_for(random: &mut Random, skill: &Skill) -> Option<Body> {
    let row = random.index(skill::COMPETITORS.len());
    let is_whole = skill.missing_on_sheet(row, 0) == 0 && skill.pending_on_sheet(row, 0) == 0;
    let unsigned: Vec<&JudgeCode> = skill.unsigned(row, 0).collect();
    if unsigned.is_empty() || !is_due(random, is_whole) {
        return None;
    }
    Some(Body::Sign(Sign {
        competitor: skill::COMPETITORS[row].into(),
        drawing: None,
        judge: unsigned[random.index(unsigned.len())].clone(),
        reason: reason(),
        sheet: skill.sheet_digest(row, 0),
        sub_criterion: "A1".into(),
    }))
}

/// A competitor signs at a judge's tablet or refuses to, or the chief judge signs for them.
fn countersign(random: &mut Random, skill: &Skill) -> Option<(Author, Body)> {
    let row = random.index(skill::COMPETITORS.len());
    if !is_due(random, skill.is_signed(row, 0) && skill.lacks_competitor(row, 0)) {
        return None;
    }
    let (how, reason, drawing) = match random.below(4) {
        0 => (Countersigned::Refused, reason(), None),
        1 => (Countersigned::For, reason(), None),
        _ => {
            let drawing = Drawing::new(format!("{:032x}", random.wide()), "M120,80l3,-2 5,7".to_owned());
            (Countersigned::Signed, None, Some(drawing.commitment()))
        }
    };
    let author = if how == Countersigned::For { Author::chief() } else { Author::judge(random.index(4)) };
    let body = Countersign {
        competitor: skill::COMPETITORS[row].into(),
        drawing,
        how,
        reason,
        sheet: skill.sheet_digest(row, 0),
        sub_criterion: "A1".into(),
    };
    Some((author, Body::Countersign(body)))
}

fn lock(random: &mut Random, skill: &Skill) -> Option<Body> {
    let row = random.index(skill::COMPETITORS.len());
    let (competitor, sub_criterion) = (skill::COMPETITORS[row].into(), "A1".into());
    is_due(random, skill.is_ready(row, 0)).then_some(Body::Lock(Lock { competitor, sub_criterion }))
}
