//! The demonstration up to the moment it begins: its competition set up, opened and marked half, and a
//! tablet for every judge.

use std::collections::HashMap;
use std::sync::Arc;

use domain::finding::{Finding, Place, Spoken};
use domain::id::{DeviceId, LedgerId};
use indicatif::ProgressBar;
use protocol::desk::{Act, CompetitionSettings, SkillSettings};
use protocol::view::Policy;
use server::accounts::{AccountError, Staff, Who};
use server::desk;
use server::exchange::package::{self, Package, SkillPackage};
use server::http::{App, Running};
use server::ledger::{Origin, Submission};
use server::spoken;
use tokio::sync::Semaphore;

use super::{Demonstration, Marked, ORGANISER, command, failed, refused};
use crate::hall::{Deed, Hall, Heard, QUEUE, plan};
use crate::http::Client;
use crate::output::Output;

/// How much of each skill is marked at the start, in percent, by its place in the programme.
const MARKED: [usize; 8] = [45, 100, 40, 55, 35, 50, 60, 100];
/// How many steps go to the ledger at once.
const BATCH: usize = 256;

/// Makes the organiser's account, sets the competition up, opens its skills, marks them as far as they
/// are to be and gives every judge a tablet; gives the whole and the organiser's password.
pub(super) async fn seeded(
    running: &Running,
    package: &Package,
    seed: u64,
    output: &Output,
) -> Result<(Demonstration, String), Finding> {
    let app = running.app.clone();
    // The one-time secret is random, and used up by the first account: it makes a good password.
    let password = running.first_secret.clone().unwrap_or_default();
    let (organiser, bearer) = signed_in(&app, &password).await?;
    let server = Client::new(&format!("http://{}", running.address), None, output.language)?;
    let files = package::write(package)
        .map_err(|problem| failed(Spoken::new(format!("赛事包写不成文件：{problem}"), problem)))?;
    let (id, ..) = desk::set_up(&app, files, None).await.map_err(refused)?;
    let shown = desk::look(&app, &organiser, &id).await.map_err(refused)?;
    let bar = output.progress("评到一半", "Marking up to now", 0);
    let (queue, mut making) = (Arc::new(Semaphore::new(QUEUE)), Vec::new());
    let mut is_first_over = true;
    for (at, ((skill, shown), marked)) in package.skills.iter().zip(&shown.skills).zip(MARKED).enumerate() {
        let ledger = LedgerId::from(shown.skill.id.as_str());
        show(&app, &ledger, at).await?;
        desk::act(&app, &organiser, &ledger, Act::Open).await.map_err(refused)?;
        let deeds = plan(skill, &ledger)?;
        let next = deeds.len() * marked / 100;
        let judges = skill.judges.iter().filter(|_| next < deeds.len());
        let judges = judges.map(|judge| (judge.code.clone(), server.clone())).collect();
        let (desk, queue, told) = (server.with_bearer(bearer.clone()), Arc::clone(&queue), alarms(output));
        let of = ledger.clone();
        // Enrolling is slow by intention, so it goes on beside.
        let hall = tokio::spawn(async move { Hall::gather(of, desk, judges, &queue, seed, told).await });
        enter_all(&app, skill, &ledger, &deeds[..next], &bar).await?;
        if next == deeds.len() {
            // One is out for objections, the other is final.
            let release = if is_first_over { Act::ReleaseOfficial } else { Act::ReleasePublicised };
            is_first_over = false;
            desk::act(&app, &organiser, &ledger, Act::Close).await.map_err(refused)?;
            desk::act(&app, &organiser, &ledger, release).await.map_err(refused)?;
        }
        making.push((skill.clone(), hall, deeds, next));
    }
    let mut skills = Vec::with_capacity(making.len());
    for (skill, hall, deeds, next) in making {
        let hall = hall.await.map_err(|error| failed(spoken::of_library(&error)))??;
        skills.push(Marked { skill, hall, deeds, next });
    }
    let public = CompetitionSettings { is_public: Some(true), is_frozen: None };
    desk::set_competition(&app, &organiser, &id, &public).await.map_err(refused)?;
    bar.finish_and_clear();
    Ok((Demonstration { app, skills }, password))
}

/// Says what people at a tablet would have to know.
fn alarms(output: &Output) -> impl Fn(Heard) + Clone + Send + use<> {
    let (language, is_json) = (output.language, output.is_json);
    move |heard| {
        if let Heard::Alarm(finding) = heard {
            Output::new(language, is_json).findings(&[finding]);
        }
    }
}

/// One after the other the skills show what organisers may choose from: names or codes, completed
/// sub-criteria, running marks, or progress only.
async fn show(app: &App, skill: &LedgerId, at: usize) -> Result<(), Finding> {
    let policy = match at % 4 {
        3 => Policy::Progress,
        0 | 2 => Policy::Running,
        _ => Policy::Completed,
    };
    let settings = SkillSettings { policy: Some(policy), is_anonymous: Some(at % 4 == 2) };
    desk::set_skill(app, skill, &settings).await.map_err(refused)
}

/// The organiser, and the secret of the session.
async fn signed_in(app: &App, password: &str) -> Result<(Staff, String), Finding> {
    let refused = |error: AccountError| error.at(Place::default());
    let signed_in = app.accounts.set_up(password, ORGANISER, password, "").await.map_err(refused)?;
    match signed_in.who {
        // What is released here was before anybody sat down at this desk; who does sets up a phone of theirs.
        Who::Staff(staff) => Ok((Staff { has_factor: true, ..staff }, signed_in.secret)),
        Who::Judge(_) | Who::Nobody => Err(refused(AccountError::Refused)),
    }
}

/// Enters what was said before the demonstration began, straight into the ledger: by tablets it would
/// take longer than anybody waits.
async fn enter_all(
    app: &App,
    skill: &SkillPackage,
    ledger: &LedgerId,
    deeds: &[Deed],
    bar: &ProgressBar,
) -> Result<(), Finding> {
    bar.inc_length(deeds.len() as u64);
    let mut devices: HashMap<DeviceId, i64> = HashMap::new();
    for batch in deeds.chunks(BATCH) {
        let submission = |deed: &Deed| {
            let mut command = command(skill, deed, (app.clock)());
            let dseq = devices.entry(command.device.clone()).or_default();
            *dseq += 1;
            command.dseq = *dseq;
            Submission {
                ledger_id: ledger.clone(),
                command,
                origin: Origin::Unsigned,
                drawing: None,
                reason: deed.reason.clone(),
            }
        };
        for receipt in app.ledger.submit_all(batch.iter().map(submission).collect()).await {
            receipt.map_err(|error| error.at(Place::default()))?;
        }
        bar.inc(batch.len() as u64);
    }
    Ok(())
}
