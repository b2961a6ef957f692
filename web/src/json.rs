//! Views as the browser reads them: a small JSON reader, merge patches, and the views' fields.
//!
//! serde would make what a browser downloads half as big again (docs/adr/0005). A test holds that both read the
//! same; a field that a view gains and this file lacks does not compile.

use std::collections::BTreeMap;

use protocol::view::{
    BoardView, CompetitionCard, CompetitionRef, CompetitionView, CriterionHead, DelegationLine,
    DelegationRow, DelegationView, HomeView, LiveCard, Policy, Presence, Progress, Row, SessionClock,
    SkillCard, SkillRef, Status, Text,
};

/// How deep lists and objects may stand in each other; views need five.
const DEPTH_MAX: u32 = 32;

/// What JSON says; numbers are whole, as all numbers in views are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Number(i64),
    Text(String),
    List(Vec<Json>),
    /// By name, in the names' order.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Reads a text; nothing where it is not JSON, or holds a number that is not whole.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut reader = Reader { bytes: text.as_bytes(), at: 0 };
        let json = reader.value(DEPTH_MAX)?;
        reader.skip_space();
        (reader.at == text.len()).then_some(json)
    }

    /// A field of an object.
    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(fields) = self else { return None };
        let at = find(fields, name).ok()?;
        fields.get(at).map(|(_, value)| value)
    }

    /// Takes a field out of an object.
    pub(crate) fn take(&mut self, name: &str) -> Option<Self> {
        let Self::Object(fields) = self else { return None };
        find(fields, name).ok().map(|at| fields.remove(at).1)
    }

    /// Turns this into what a merge patch leads to (RFC 7396).
    pub(crate) fn patch(&mut self, patch: Self) {
        let Self::Object(changes) = patch else {
            *self = patch;
            return;
        };
        if !matches!(self, Self::Object(_)) {
            *self = Self::Object(Vec::new());
        }
        let Self::Object(fields) = self else { return };
        for (name, change) in changes {
            match (find(fields, &name), change) {
                (Ok(at), Self::Null) => {
                    fields.remove(at);
                }
                (Err(_), Self::Null) => {}
                (Ok(at), change) => {
                    if let Some((_, value)) = fields.get_mut(at) {
                        value.patch(change);
                    }
                }
                (Err(at), change) => {
                    let mut value = Self::Null;
                    value.patch(change);
                    fields.insert(at, (name, value));
                }
            }
        }
    }
}

fn find(fields: &[(String, Json)], name: &str) -> Result<usize, usize> {
    fields.binary_search_by(|(known, _)| known.as_str().cmp(name))
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn value(&mut self, depth: u32) -> Option<Json> {
        self.skip_space();
        match self.bytes.get(self.at)? {
            b'{' => self.object(depth.checked_sub(1)?),
            b'[' => self.list(depth.checked_sub(1)?),
            b'"' => self.text().map(Json::Text),
            b't' => self.word("true", Json::Bool(true)),
            b'f' => self.word("false", Json::Bool(false)),
            b'n' => self.word("null", Json::Null),
            _ => self.number(),
        }
    }

    fn object(&mut self, depth: u32) -> Option<Json> {
        let mut fields = Vec::new();
        self.at += 1;
        if self.take(b'}') {
            return Some(Json::Object(fields));
        }
        loop {
            self.skip_space();
            let name = self.text()?;
            if !self.take(b':') {
                return None;
            }
            let value = self.value(depth)?;
            // The server writes names in order, mostly.
            match find(&fields, &name) {
                Ok(_) => return None,
                Err(at) => fields.insert(at, (name, value)),
            }
            if !self.take(b',') {
                return self.take(b'}').then_some(Json::Object(fields));
            }
        }
    }

    fn list(&mut self, depth: u32) -> Option<Json> {
        let mut values = Vec::new();
        self.at += 1;
        if self.take(b']') {
            return Some(Json::List(values));
        }
        loop {
            values.push(self.value(depth)?);
            if !self.take(b',') {
                return self.take(b']').then_some(Json::List(values));
            }
        }
    }

    fn text(&mut self) -> Option<String> {
        if self.bytes.get(self.at)? != &b'"' {
            return None;
        }
        self.at += 1;
        let mut bytes = Vec::new();
        loop {
            let byte = *self.bytes.get(self.at)?;
            self.at += 1;
            match byte {
                b'"' => return String::from_utf8(bytes).ok(),
                b'\\' => self.escape(&mut bytes)?,
                0..=0x1f => return None,
                byte => bytes.push(byte),
            }
        }
    }

    fn escape(&mut self, bytes: &mut Vec<u8>) -> Option<()> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        let c = match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => self.unit()?,
            _ => return None,
        };
        bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        Some(())
    }

    /// What stands after `\u`: one character, or two halves of one.
    fn unit(&mut self) -> Option<char> {
        let first = self.hex()?;
        if !(0xd800..0xdc00).contains(&first) {
            return char::from_u32(first);
        }
        if self.bytes.get(self.at..self.at + 2)? != b"\\u" {
            return None;
        }
        self.at += 2;
        let second = self.hex()?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
        char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + second)
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.bytes.get(self.at..self.at + 4)?;
        self.at += 4;
        digits.iter().try_fold(0, |sum, digit| Some(sum * 16 + char::from(*digit).to_digit(16)?))
    }

    fn number(&mut self) -> Option<Json> {
        let rest = self.bytes.get(self.at..)?;
        let length = rest.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'-').count();
        if rest.get(length).is_some_and(|byte| matches!(byte, b'.' | b'e' | b'E')) {
            return None;
        }
        self.at += length;
        std::str::from_utf8(rest.get(..length)?).ok()?.parse().ok().map(Json::Number)
    }

    fn word(&mut self, word: &str, json: Json) -> Option<Json> {
        let is_there = self.bytes.get(self.at..)?.starts_with(word.as_bytes());
        self.at += word.len();
        is_there.then_some(json)
    }

    fn take(&mut self, byte: u8) -> bool {
        self.skip_space();
        let is_there = self.bytes.get(self.at) == Some(&byte);
        self.at += usize::from(is_there);
        is_there
    }

    fn skip_space(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }
}

/// What can be read from JSON.
pub(crate) trait FromJson: Sized {
    /// Reads it; nothing where it is something else.
    fn from_json(json: &Json) -> Option<Self>;
}

impl FromJson for String {
    fn from_json(json: &Json) -> Option<Self> {
        match json {
            Json::Text(text) => Some(text.clone()),
            _ => None,
        }
    }
}

impl FromJson for bool {
    fn from_json(json: &Json) -> Option<Self> {
        match json {
            Json::Bool(bool) => Some(*bool),
            _ => None,
        }
    }
}

impl FromJson for i64 {
    fn from_json(json: &Json) -> Option<Self> {
        match json {
            Json::Number(number) => Some(*number),
            _ => None,
        }
    }
}

macro_rules! numbers {
    ($($number:ty),*) => {
        $(impl FromJson for $number {
            fn from_json(json: &Json) -> Option<Self> {
                Self::try_from(i64::from_json(json)?).ok()
            }
        })*
    };
}

numbers!(i32, u32, u64);

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(json: &Json) -> Option<Self> {
        T::from_json(json).map(Some)
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(json: &Json) -> Option<Self> {
        match json {
            Json::List(list) => list.iter().map(T::from_json).collect(),
            _ => None,
        }
    }
}

impl<T: FromJson> FromJson for BTreeMap<String, T> {
    fn from_json(json: &Json) -> Option<Self> {
        let Json::Object(fields) = json else { return None };
        let mut map = Self::new();
        for (name, value) in fields {
            map.insert(name.clone(), T::from_json(value)?);
        }
        Some(map)
    }
}

/// A field; what a view leaves out is empty.
fn field<T: FromJson + Default>(json: &Json, name: &str) -> Option<T> {
    match json.get(name) {
        Some(value) => T::from_json(value),
        None => Some(T::default()),
    }
}

macro_rules! objects {
    ($($object:ident { $($field:ident),* })*) => {
        $(impl FromJson for $object {
            fn from_json(json: &Json) -> Option<Self> {
                matches!(json, Json::Object(_)).then_some(())?;
                Some(Self { $($field: field(json, stringify!($field))?),* })
            }
        })*
    };
}

objects! {
    Text { zh, en }
    Progress { done, of }
    CompetitionRef { id, name, is_rehearsal }
    SkillRef { id, name, number }
    CriterionHead { id, name, max }
    SessionClock { label, from, until }
    Row {
        name, organisation, delegation, group, presence, rank, is_tied, moved, total, gap, scale, award,
        progress, marks
    }
    BoardView { competition, skill, status, policy, as_of, progress, criteria, order, rows, session }
    SkillCard { skill, status, policy, progress, competitors, dates, venue }
    DelegationLine { competitors, rank, points, awards }
    CompetitionView {
        competition, edition, tier, host, dates, venue, as_of, progress, skills, order, delegations,
        delegation_order, has_draw
    }
    DelegationRow { skill, status, code, row }
    DelegationView { competition, name, as_of, line, rows, order }
    CompetitionCard { competition, edition, tier, host, dates, skills, live, released, competitors }
    LiveCard { competition, card }
    HomeView { as_of, competitions, order, live }
}

macro_rules! words {
    ($($kind:ident { $($word:literal => $value:ident),* })*) => {
        $(impl FromJson for $kind {
            fn from_json(json: &Json) -> Option<Self> {
                let Json::Text(word) = json else { return None };
                match word.as_str() {
                    $($word => Some(Self::$value),)*
                    _ => None,
                }
            }
        })*

        /// Nothing is done here; a word that a kind gains and that is not read does not compile.
        #[cfg(test)]
        const fn every_word_is_read(words: ($($kind),*)) {
            #[expect(non_snake_case, reason = "named as the kinds are")]
            let ($($kind),*) = words;
            $(match $kind { $($kind::$value => {})* })*
        }
    };
}

words! {
    Status {
        "upcoming" => Upcoming, "in_progress" => InProgress, "frozen" => Frozen,
        "under_review" => UnderReview, "provisional" => Provisional, "publicised" => Publicised,
        "official" => Official
    }
    Policy { "progress" => Progress, "completed" => Completed, "running" => Running }
    Presence {
        "competing" => Competing, "absent" => Absent, "withdrawn" => Withdrawn,
        "disqualified" => Disqualified
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn same(json: &Json) -> Value {
        match json {
            Json::Null => Value::Null,
            Json::Bool(bool) => Value::from(*bool),
            Json::Number(number) => Value::from(*number),
            Json::Text(text) => Value::from(text.as_str()),
            Json::List(list) => list.iter().map(same).collect(),
            Json::Object(fields) => {
                Value::Object(fields.iter().map(|(name, value)| (name.clone(), same(value))).collect())
            }
        }
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            let object = proptest::collection::btree_map("[a-d]", inner.clone(), 0..4);
            prop_oneof![
                proptest::collection::vec(inner, 0..3).prop_map(Value::from),
                object.prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn both_readers_read_the_same(value in json(), is_pretty: bool) {
            let text = if is_pretty { format!("{value:#}") } else { value.to_string() };
            prop_assert_eq!(Json::parse(&text).map(|json| same(&json)), Some(value));
        }

        #[test]
        fn both_readers_refuse_the_same(text in r#"[\[\]{}:,"\\a-f0-9ntu -]{0,12}"#) {
            // Numbers apart: ours are whole and in range, and nothing but the server writes them.
            let is_json = serde_json::from_str::<Value>(&text).is_ok();
            prop_assert!(is_json || Json::parse(&text).is_none_or(|_| text.contains(|c: char| c.is_ascii_digit())));
        }

        #[test]
        fn patches_lead_to_the_same(old in json(), patch in json()) {
            let mut wanted = old.clone();
            protocol::view::patch::apply(&mut wanted, patch.clone());
            let mut ours = Json::parse(&old.to_string()).expect("JSON");
            ours.patch(Json::parse(&patch.to_string()).expect("JSON"));
            prop_assert_eq!(same(&ours), wanted);
        }
    }

    #[test]
    fn escapes_are_read_as_they_are_written() {
        let text = r#""\ud83c\udfc5 \u64c2\n\"\\\/""#;
        assert_eq!(Json::parse(text), Some(Json::Text("🏅 擂\n\"\\/".to_owned())));
        for bad in
            [r#""\ud83c""#, r#""\ud83c\u0041""#, r#""\x""#, "\"\n\"", "1.5", "1e3", "tru", "[1", "[1]x", ""]
        {
            assert_eq!(Json::parse(bad), None, "{bad}");
        }
        assert_eq!(Json::parse(&"[".repeat(100)), None);
        let mut frame = Json::parse(r#"{"view":{},"rev":7}"#).expect("JSON");
        assert_eq!(frame.take("view"), Some(Json::Object(Vec::new())));
        assert_eq!(frame.get("view"), None);
    }

    #[test]
    fn every_view_is_read_as_serde_reads_it() {
        every_word_is_read((Status::Official, Policy::Running, Presence::Absent));
        let name = Text { zh: "数控铣".to_owned(), en: "CNC Milling".to_owned() };
        let skill = SkillRef { id: "s08".to_owned(), name: name.clone(), number: "08".to_owned() };
        let competition = CompetitionRef { id: "c1".to_owned(), name, is_rehearsal: true };
        let progress = Progress { done: 3, of: 40 };
        let row = Row {
            name: Some("王志强".to_owned()),
            organisation: Some("技师学院".to_owned()),
            delegation: Some("唐山市".to_owned()),
            group: "职工组".to_owned(),
            presence: Presence::Withdrawn,
            rank: Some(4),
            is_tied: true,
            moved: -3,
            total: Some("90.54".to_owned()),
            gap: Some("4.26".to_owned()),
            scale: Some(712),
            award: Some("优胜奖".to_owned()),
            progress,
            marks: vec!["9.05".to_owned()],
        };
        let board = BoardView {
            competition: competition.clone(),
            skill: skill.clone(),
            status: Status::UnderReview,
            policy: Policy::Completed,
            as_of: 1_795_000_000_000,
            progress,
            criteria: vec![CriterionHead {
                id: "A".to_owned(),
                name: "图样".to_owned(),
                max: "10.00".to_owned(),
            }],
            order: vec!["M01".to_owned(), "M02".to_owned()],
            rows: [("M01".to_owned(), row.clone()), ("M02".to_owned(), Row::default())].into(),
            session: Some(SessionClock { label: "模块 B".to_owned(), from: 1, until: 2 }),
        };
        let card = SkillCard {
            skill: skill.clone(),
            status: Status::InProgress,
            policy: Policy::Running,
            progress,
            competitors: 24,
            dates: vec!["2026-05-09".to_owned()],
            venue: "实训楼".to_owned(),
        };
        let line = DelegationLine {
            competitors: 9,
            rank: Some(2),
            points: Some(214),
            awards: [("金牌".to_owned(), 2)].into(),
        };
        let dates = vec!["2026-11-20".to_owned(), "2026-11-23".to_owned()];
        let view = CompetitionView {
            competition: competition.clone(),
            edition: "第三届".to_owned(),
            tier: "province".to_owned(),
            host: "总工会".to_owned(),
            dates: dates.clone(),
            venue: "技师学院".to_owned(),
            as_of: 7,
            progress,
            skills: [("s08".to_owned(), card.clone())].into(),
            order: vec!["s08".to_owned()],
            delegations: [("唐山市".to_owned(), line.clone())].into(),
            delegation_order: vec!["唐山市".to_owned()],
            has_draw: true,
        };
        let member = DelegationRow { skill, status: Status::Frozen, code: "M01".to_owned(), row };
        let delegation = DelegationView {
            competition: competition.clone(),
            name: "唐山市".to_owned(),
            as_of: 8,
            line,
            rows: [("s08/M01".to_owned(), member)].into(),
            order: vec!["s08/M01".to_owned()],
        };
        let shown = CompetitionCard {
            competition: competition.clone(),
            edition: "2026".to_owned(),
            tier: "city".to_owned(),
            host: "总工会".to_owned(),
            dates,
            skills: 12,
            live: 1,
            released: 3,
            competitors: 286,
        };
        let home = HomeView {
            as_of: 9,
            competitions: [("c1".to_owned(), shown)].into(),
            order: vec!["c1".to_owned()],
            live: [("s08".to_owned(), LiveCard { competition, card })].into(),
        };
        read_back(&board);
        read_back(&BoardView::default());
        read_back(&view);
        read_back(&delegation);
        read_back(&home);
    }

    #[test]
    fn every_word_is_the_one_that_serde_writes() {
        for status in [
            Status::Upcoming,
            Status::InProgress,
            Status::Frozen,
            Status::UnderReview,
            Status::Provisional,
            Status::Publicised,
            Status::Official,
        ] {
            read_back(&status);
        }
        for policy in [Policy::Progress, Policy::Completed, Policy::Running] {
            read_back(&policy);
        }
        for presence in [Presence::Competing, Presence::Absent, Presence::Withdrawn, Presence::Disqualified] {
            read_back(&presence);
        }
    }

    fn read_back<T: FromJson + serde::Serialize + PartialEq + std::fmt::Debug>(view: &T) {
        let text = serde_json::to_string(view).expect("JSON");
        let json = Json::parse(&text).expect("JSON");
        assert_eq!(T::from_json(&json).as_ref(), Some(view), "{text}");
    }
}
