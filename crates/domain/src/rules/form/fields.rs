//! The fields of a rule set's form, clause by clause: the one list that reading, writing and showing go by.

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    Text,
    /// A whole number; empty where it may be left out.
    Whole,
    /// A mark, `2.50`; empty where it may be left out.
    Mark,
    /// Another number.
    Number,
    /// Several names, or whole numbers, with commas between them.
    List,
    /// One of these words; the empty one says that there is no such clause.
    Choice(&'static [&'static str]),
}

/// A field of a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name in the clause.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
}

/// A clause, or a list of clauses of which each is a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clause {
    /// Its path; empty for what belongs to none.
    pub path: &'static str,
    /// Whether it is a list.
    pub is_list: bool,
    /// The fields, of a list those of each row.
    pub fields: &'static [Field],
}

const fn field(name: &'static str, kind: Kind) -> Field {
    Field { name, kind }
}

const fn clause(path: &'static str, fields: &'static [Field]) -> Clause {
    Clause { path, is_list: false, fields }
}

const fn list(path: &'static str, fields: &'static [Field]) -> Clause {
    Clause { path, is_list: true, fields }
}

const SOURCE: Field = field("source", Kind::Text);
const LEVELS: Kind = Kind::Choice(&[
    "apprentice",
    "junior",
    "intermediate",
    "senior",
    "technician",
    "senior_technician",
    "special_technician",
    "chief_technician",
]);

/// Every clause, in the order of a form.
pub const CLAUSES: &[Clause] = &[
    clause("title", &[field("zh", Kind::Text), field("en", Kind::Text)]),
    clause("", &[field("live_policy", Kind::Choice(&["progress", "completed", "running"]))]),
    clause(
        "scheme",
        &[
            field("total", Kind::Mark),
            field("aspect_max", Kind::Mark),
            field("aspects_max", Kind::Whole),
            field("criteria.least", Kind::Whole),
            field("criteria.most", Kind::Whole),
            field("section_variation_max", Kind::Mark),
            SOURCE,
        ],
    ),
    clause("rounding", &[field("position", Kind::Choice(&["per_aspect", "at_total"])), SOURCE]),
    clause("judgement", &[field("judges", Kind::Whole), field("spread_max", Kind::Whole), SOURCE]),
    clause("compatriots", &[field("applies", Kind::Choice(&["", "yes"])), SOURCE]),
    clause("sign_off", &[field("competitor_sees", Kind::Choice(&["", "marks", "aspects"])), SOURCE]),
    clause("penalties", &[field("cap", Kind::Mark), SOURCE]),
    clause("parts", &[field("below_pass", Kind::Choice(&["no_award", "no_position"])), SOURCE]),
    clause(
        "scale",
        &[
            field("formula", Kind::Choice(&["", "median_mad", "mean_sigma"])),
            field("centre", Kind::Whole),
            field("spread", Kind::Whole),
            field("deviation_factor", Kind::Number),
            SOURCE,
        ],
    ),
    list("ranking.chain", &[field("key", Kind::Text), field("better", Kind::Choice(&["higher", "lower"]))]),
    clause("ranking", &[field("end", Kind::Choice(&["share", "playoff", "draw", "chief_decides"])), SOURCE]),
    clause(
        "medals",
        &[
            field("rule", Kind::Choice(&["", "within_margin", "distinct_marks"])),
            field("rule.margin", Kind::Whole),
            field("threshold", Kind::Whole),
            field("positions", Kind::Choice(&["equal", "within_margin"])),
            field("positions.margin", Kind::Whole),
            field("excellence.award", Kind::Text),
            field("excellence.threshold", Kind::Whole),
            SOURCE,
        ],
    ),
    list(
        "prizes",
        &[
            field("award", Kind::Text),
            field("take", Kind::Choice(&["positions", "share", "within"])),
            field("take.first", Kind::Whole),
            field("take.last", Kind::Whole),
            field("take.percent", Kind::Number),
            field("take.rounding", Kind::Choice(&["down", "up", "nearest"])),
            SOURCE,
        ],
    ),
    list(
        "field_gates",
        &[
            field("at_most", Kind::Whole),
            field("effect", Kind::Choice(&["exhibition", "void", "keep"])),
            field("effect.keep", Kind::List),
            SOURCE,
        ],
    ),
    list(
        "honours",
        &[
            field("title", Kind::Text),
            field("first", Kind::Whole),
            field("last", Kind::Whole),
            field("needs", Kind::List),
            SOURCE,
        ],
    ),
    list(
        "promotions",
        &[field("awards", Kind::List), field("base", LEVELS), field("next_if_already", LEVELS), SOURCE],
    ),
    clause("team_points", &[field("by_position", Kind::List), field("rest", Kind::Whole), SOURCE]),
];

impl Field {
    /// The words of a choice.
    #[must_use]
    pub fn choices(&self) -> &'static [&'static str] {
        if let Kind::Choice(words) = self.kind { words } else { &[] }
    }
}

impl Clause {
    /// A field's path; of a list that of the field in its first row.
    #[must_use]
    pub fn path_of(&self, field: &Field) -> String {
        match (self.path, self.is_list) {
            ("", _) => field.name.to_owned(),
            (path, false) => format!("{path}.{}", field.name),
            (path, true) => format!("{path}[1].{}", field.name),
        }
    }

    /// Whether it names a source.
    #[must_use]
    pub fn has_source(&self) -> bool {
        self.fields.contains(&SOURCE)
    }
}

/// A list of clauses by its path.
pub(super) fn list_of(path: &str) -> Option<&'static Clause> {
    CLAUSES.iter().find(|clause| clause.is_list && clause.path == path)
}

/// A field outside of lists by its path.
pub(super) fn find(path: &str) -> Option<&'static Field> {
    let of = |clause: &'static Clause| {
        clause.fields.iter().find(|field| !clause.is_list && clause.path_of(field) == path)
    };
    CLAUSES.iter().find_map(of)
}

/// What the path of a field in a list says: the list, the row from 1, the field.
pub(super) fn row_of(path: &str) -> Option<(&'static str, u32, &'static str)> {
    let (list, rest) = path.split_once('[')?;
    let (row, name) = rest.split_once("].")?;
    let row = row.parse().ok().filter(|row| *row > 0 && !rest.starts_with(['+', '0']))?;
    let clause = list_of(list)?;
    let field = clause.fields.iter().find(|field| field.name == name)?;
    Some((clause.path, row, field.name))
}
