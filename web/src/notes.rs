//! Notes and photos, as the chief judge and the organisers see them: on a page of their own, and beside
//! what is decided.

use domain::finding::Language;
use domain::id::AspectId;
use protocol::note::{Note, NotesView, SHOWN_MAX};

use crate::chief::code_field;
use crate::desk::{Says, button, field, quiet_link};
use crate::format::{Reader, segment};
use crate::node::{Element, el};
use crate::parts::{empty, moment, name};

/// Where a skill's notes are, and their photos below.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Door<'a> {
    /// At the chief judge's page.
    Chief,
    /// At the desk, of a skill.
    Desk(&'a str),
}

impl Door<'_> {
    /// The page's address.
    pub(crate) fn notes(self) -> String {
        match self {
            Self::Chief => "/chief/notes".to_owned(),
            Self::Desk(skill) => format!("/desk/skill/{}/notes", segment(skill)),
        }
    }

    fn photo(self, note: &Note) -> String {
        match self {
            Self::Chief => format!("/chief/photos/{}", note.id),
            Self::Desk(skill) => format!("/desk/skill/{}/photos/{}", segment(skill), note.id),
        }
    }
}

/// The page of a skill's notes, without what stands above it.
pub(crate) fn page(view: &NotesView, door: Door<'_>, back: String, reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    let number = el("span").class("number").add(view.skill.number.clone());
    let title = el("h1").add(says.say("备注和照片", "Notes and photos"));
    let skill = el("p")
        .class("facts")
        .add(name("span", &reader.pick(&view.competition), reader))
        .add(el("span").add(number).add(" ").add(name("span", &reader.pick(&view.skill.name), reader)));
    let about = says.say(
        "裁判写在评分格上的备注和照片，最新的在前。它们不影响成绩，也不在账本里；写的人可以收回，收回就删除。只有写的人、本赛项裁判长和组委会看得到。",
        "What judges wrote or photographed of cells, the newest first. It changes no result and is in no ledger; whoever wrote it can take it back, and then it is erased. Its writer, the skill's chief judge and the organisers see it.",
    );
    let head = el("div")
        .class("head")
        .add(title)
        .add(skill)
        .add(el("p").class("about").add(about))
        .add(el("p").class("about").add(el("a").set("href", back).add(says.say("返回", "Back"))));
    let list = if view.notes.is_empty() {
        empty(
            says.say("没有备注和照片", "No notes or photos"),
            says.say(
                "裁判在评分表上点“备注”写下的文字和照片会显示在这里。",
                "What judges write or photograph by the button “Note” on their sheets will stand here.",
            ),
        )
    } else {
        let all = view.notes.iter().map(|note| line(note, Some(&view.aspects), door, reader));
        el("ul").class("notes").add(all.collect::<Vec<_>>())
    };
    vec![head, finding(view, door, reader)]
        .into_iter()
        .chain(held(view.held, reader))
        .chain([list, turn(view, door, reader)])
        .collect()
}

fn finding(view: &NotesView, door: Door<'_>, reader: Reader) -> Element {
    let says = Says(reader.language);
    let input = code_field(&view.find);
    let all = (!view.find.is_empty()).then(|| quiet_link(says.say("显示全部", "Show all"), door.notes()));
    el("form")
        .class("find")
        .set("method", "get")
        .set("action", door.notes())
        .add(field(says.say("按选手编号查找", "Find a competitor's code"), input))
        .add(button("quiet", says.say("查找", "Find")))
        .add(all)
}

/// That there is more, which this reader sees later.
fn held(count: usize, reader: Reader) -> Option<Element> {
    let words = match reader.language {
        Language::Chinese => format!("另有 {count} 条暂不显示：您也在那个评分组里，全组打完分才显示。"),
        Language::English => {
            format!(
                "Not shown yet: {count}. You sit on that panel too; they are shown once everybody has scored."
            )
        }
    };
    (count > 0).then(|| el("p").class("note").add(words))
}

/// The ways to newer and older ones.
fn turn(view: &NotesView, door: Door<'_>, reader: Reader) -> Element {
    let says = Says(reader.language);
    let at = |from: usize| format!("{}?find={}&from={from}", door.notes(), segment(&view.find));
    let newer = (view.from > 0)
        .then(|| quiet_link(says.say("更新的", "Newer"), at(view.from.saturating_sub(SHOWN_MAX))));
    let older = (view.more > 0).then(|| {
        let words = match reader.language {
            Language::Chinese => format!("更早的（{}）", view.more),
            Language::English => format!("Older ({})", view.more),
        };
        el("a").class("quiet").set("href", at(view.from + SHOWN_MAX)).add(words)
    });
    el("p").class("acts").add(newer).add(" ").add(older)
}

/// Those of what is decided, folded.
pub(crate) fn beside(notes: &[Note], door: Door<'_>, reader: Reader) -> Option<Element> {
    if notes.is_empty() {
        return None;
    }
    let label = match reader.language {
        Language::Chinese => format!("裁判的备注和照片（{}）", notes.len()),
        Language::English => format!("Judges' notes and photos ({})", notes.len()),
    };
    let all = notes.iter().map(|note| line(note, None, door, reader)).collect::<Vec<_>>();
    Some(el("details").class("folded").add(el("summary").add(label)).add(el("ul").class("notes").add(all)))
}

/// One of them. Where the aspects' names are given, whose work it is on stands in it, too.
fn line(note: &Note, aspects: Option<&[(AspectId, String)]>, door: Door<'_>, reader: Reader) -> Element {
    let says = Says(reader.language);
    let description = aspects.and_then(|aspects| aspects.iter().find(|(id, _)| *id == note.aspect));
    let mono = |text: String| el("span").class("mono").add(text);
    let place = el("p")
        .class("place")
        .add(aspects.is_some().then(|| el("strong").class("mono").add(note.competitor.to_string())))
        .add(" ")
        .add(mono(note.aspect.to_string()))
        .add(" ")
        .add(description.map(|(_, description)| name("span", description, reader)));
    let held = if note.is_photo {
        let alt = match reader.language {
            Language::Chinese => format!("{} {} 的照片，裁判 {}", note.competitor, note.aspect, note.judge),
            Language::English => format!("Photo of {} {} by {}", note.competitor, note.aspect, note.judge),
        };
        let image = el("img").set("src", door.photo(note)).set("alt", alt).set("loading", "lazy");
        el("a").class("photo").set("href", door.photo(note)).add(image)
    } else {
        name("p", &note.text, reader).class("text")
    };
    let by = el("p")
        .class("about")
        .add(says.say("裁判 ", "Judge "))
        .add(mono(note.judge.to_string()))
        .add(" · ")
        .add(moment(note.made_at, reader));
    el("li").add(place).add(held).add(by)
}
