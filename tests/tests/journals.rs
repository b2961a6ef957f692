//! The program that holds tablets' journals against an export sees whatever is not true in either.
#![expect(clippy::panic, reason = "a test stops at what it cannot do")]

use serde_json::{Value, json};
use tests::folder::put;
use tests::{TemporaryFolder, export::check_journals};

const TABLETS: [&str; 2] = ["d1", "d2"];

/// What two tablets wrote down and what the ledger holds: three marks of each, the last of the second
/// one without a receipt.
struct Account {
    journals: [Vec<Value>; 2],
    entries: Vec<Value>,
}

/// The id of a tablet's n-th mark.
fn id(tablet: usize, dseq: i64) -> String {
    format!("0190b1e2-7c5a-7000-8000-{tablet:06}{dseq:06}")
}

fn hash(seq: i64) -> String {
    format!("{seq:064}")
}

fn said(tablet: usize, dseq: i64) -> Value {
    json!({"id": id(tablet, dseq), "body": {"mark": {"value": dseq}}, "base": null, "client_time": dseq})
}

fn receipt(tablet: usize, dseq: i64, seq: i64) -> Value {
    let id = id(tablet, dseq);
    json!({"received": {"id": id, "seq": seq, "hash": hash(seq), "epoch": "feed", "status": "accepted"}})
}

impl Account {
    fn whole() -> Self {
        let begun = |tablet: usize| vec![json!({"device": TABLETS[tablet], "ledger": "skill"})];
        let mut account = Self { journals: [begun(0), begun(1)], entries: Vec::new() };
        let marks = (1..=3).flat_map(|dseq| [(0, dseq), (1, dseq)]);
        for (seq, (tablet, dseq)) in (1..).zip(marks) {
            let mut entry = said(tablet, dseq);
            account.journals[tablet].push(json!({"entered": entry}));
            if (tablet, dseq) != (1, 3) {
                account.journals[tablet].push(receipt(tablet, dseq, seq));
            }
            entry["seq"] = json!(seq);
            entry["dseq"] = json!(dseq);
            entry["device"] = json!(TABLETS[tablet]);
            entry["ledger"] = json!("skill");
            entry["status"] = json!("accepted");
            account.entries.push(entry);
        }
        account
    }

    /// What the program says of it.
    fn checked(&self) -> tests::Said {
        let folder = TemporaryFolder::new("account");
        let lines = |values: &[Value]| values.iter().map(|value| format!("{value}\n")).collect::<String>();
        for (tablet, journal) in TABLETS.iter().zip(&self.journals) {
            put(&folder.join(&format!("journals/{tablet}.ndjson")), lines(journal));
        }
        let sealed = |entry: &Value| {
            let seq = entry["seq"].as_i64().unwrap_or_else(|| panic!("{entry} has no number"));
            format!("{{\"entry\":{entry},\"hash\":\"{}\"}}\n", hash(seq))
        };
        let ledger: String = self.entries.iter().map(sealed).collect();
        put(&folder.join("export/skills/skill/ledger.ndjson"), ledger);
        check_journals(&folder.join("export"), &folder.join("journals"))
    }
}

#[test]
fn a_true_account_holds_and_says_how_much_it_is() {
    let said = Account::whole().checked().done();
    let figures = "2 tablets, 6 entered, 5 received, 1 without a receipt, 6 entries, 6 of tablets\n";
    assert_eq!((said.output.as_str(), said.messages.as_str()), (figures, ""));
    // What has no receipt may be there or not.
    let mut account = Account::whole();
    account.entries.pop();
    assert!(account.checked().done().output.contains("1 without a receipt, 5 entries"));
}

#[test]
fn whatever_is_not_true_in_journals_or_ledger_is_found() {
    type Lie = (&'static str, fn(&mut Account));
    let lies: [Lie; 17] = [
        ("is not where or what its receipt says", |account| account.journals[1].push(receipt(1, 3, 99))),
        ("has a receipt and is lost", |account| {
            // A receipt that was made up for a mark that never reached the server.
            account.journals[0].push(json!({"entered": said(0, 4)}));
            account.journals[0].push(receipt(0, 4, 7));
        }),
        ("was heard of before it was entered", |account| account.journals[0].push(receipt(0, 5, 7))),
        ("has two receipts", |account| account.journals[0].push(receipt(0, 1, 3))),
        ("receipts are of 2 epochs", |account| {
            account.journals[1][2]["received"]["epoch"] = json!("beef");
        }),
        ("is lost", |account| drop(account.entries.remove(4))),
        ("number 3 where 2 belongs", |account| drop(account.entries.remove(2))),
        ("is not where or what its receipt says", |account| account.entries[0]["status"] = json!("late")),
        ("is not where or what its receipt says", |account| account.entries[0]["ledger"] = json!("other")),
        ("is there twice", |account| account.entries.push(account.entries[0].clone())),
        ("is there twice", |account| {
            // Doubled under a number of its own, as when a resent mark is taken for a new one.
            let mut again = account.entries[5].clone();
            (again["seq"], again["dseq"]) = (json!(7), json!(4));
            account.entries.push(again);
        }),
        ("is in the ledger, and nobody entered it", |account| account.entries[5]["id"] = json!(id(1, 9))),
        ("is not what was entered", |account| account.entries[5]["body"] = json!({"mark": {"value": 9}})),
        ("is not what was entered", |account| account.entries[5]["base"] = json!(id(1, 1))),
        ("its tablet said that it does not exist", |account| {
            account.journals[1].push(json!({"not_saved": {"id": id(1, 3)}}));
        }),
        ("not in the order in which they were entered", |account| account.journals[1].swap(1, 5)),
        ("there is no receipt at all", |account| {
            account.journals.iter_mut().for_each(|lines| lines.retain(|line| line.get("received").is_none()));
        }),
    ];
    for (expected, lie) in lies {
        let mut account = Account::whole();
        lie(&mut account);
        let said = account.checked().refused();
        assert!(said.messages.contains(expected), "{expected}: {said}");
    }
}
