//! What a judge says of a sheet besides marks: a signature, that they do not sign, and that something is to be
//! opened again.

use domain::id::EntryId;
use domain::ledger::Hash;
use domain::marking::{AskUnlock, Body, Decline, Sign};
use leptos::prelude::*;
use protocol::drawing::Drawing;
use protocol::frame::{Cell, ReasonText};

use super::super::browser::{random, steady_ms, unix_ms};
use super::super::tablet::Tablet;
use super::{Notice, Ui, reason, salt};
use crate::book::Spot;
use crate::{Act, Standing};

impl Ui {
    /// Signs a sheet as it was shown, by the digest of what was shown, with the signature as it was
    /// drawn where it was.
    pub(in crate::app) fn sign(self, spot: Spot, sheet: Hash, strokes: Option<String>) {
        let drawing = strokes.map(|strokes| Drawing::new(salt(), strokes));
        self.sign_off(spot, sheet, drawing, None);
    }

    /// Declines to sign it, and says why.
    pub(in crate::app) fn decline(self, spot: Spot, sheet: Hash, why: String) {
        self.sign_off(spot, sheet, None, Some(reason(why)));
    }

    fn sign_off(self, spot: Spot, sheet: Hash, drawing: Option<Drawing>, why: Option<ReasonText>) {
        let Some(tablet) = self.tablet.get_value().filter(|_| self.has_turn()) else {
            self.lose_turn();
            return;
        };
        let id = EntryId::made_at(u64::try_from(unix_ms()).unwrap_or_default(), random());
        let body = self.book.with_untracked(|book| {
            let sheets = book.as_ref()?.sheets();
            let competitor = sheets.competitors.get(spot.row)?.code.clone();
            let judge = sheets.judge.clone();
            let sub_criterion = sheets.forms.get(spot.form)?.sub_criterion.clone();
            Some(match &why {
                None => {
                    let drawing = drawing.as_ref().map(Drawing::commitment);
                    Body::Sign(Sign { competitor, drawing, judge, reason: None, sheet, sub_criterion })
                }
                Some(why) => {
                    let reason = Some(why.commitment());
                    Body::Decline(Decline { competitor, judge, reason, sheet, sub_criterion })
                }
            })
        });
        let Some(body) = body else { return };
        let (declines, strokes) =
            (why.is_some(), drawing.as_ref().map(|drawing| drawing.strokes().to_owned()));
        self.book.update(|book| {
            if let Some(book) = book {
                book.sign_off(id, sheet, declines, strokes);
            }
        });
        self.say_of_sheet(&tablet, id, body, drawing, why);
    }

    /// Asks for an aspect of a locked sheet to be opened again.
    pub(in crate::app) fn ask_unlock(self, spot: Spot, why: String) {
        let Some(tablet) = self.tablet.get_value().filter(|_| self.has_turn()) else {
            self.lose_turn();
            return;
        };
        let id = EntryId::made_at(u64::try_from(unix_ms()).unwrap_or_default(), random());
        let why = reason(why);
        let body = self.book.with_untracked(|book| {
            let book = book.as_ref()?;
            let (Cell { aspect, competitor, .. }, judge) = (book.cell(spot)?, book.sheets().judge.clone());
            Some(Body::AskUnlock(AskUnlock { aspect, competitor, judge, reason: Some(why.commitment()) }))
        });
        if let Some(body) = body
            && self.say_of_sheet(&tablet, id, body, None, Some(why))
        {
            self.tell("unlock_asked");
        }
    }

    /// Enters what is no mark; whether it is on its way.
    fn say_of_sheet(
        self,
        tablet: &Tablet,
        id: EntryId,
        body: Body,
        drawing: Option<Drawing>,
        reason: Option<ReasonText>,
    ) -> bool {
        let elapsed_ms = i64::try_from(steady_ms()).unwrap_or_default();
        let client_time = unix_ms();
        let act = Act { id, body, cell: None, base: None, client_time, elapsed_ms, drawing, reason };
        let refusal = tablet.enter(act).err();
        if let Some(refusal) = &refusal {
            self.stand(id, Standing::NotSaved);
            self.notice.set(Some(Notice::of(refusal.say(self.language.get_untracked()))));
        }
        refusal.is_none()
    }
}
