-- What will be pinned when a skill opens; once it is open, its ledger says what was.
CREATE TABLE skill_draft (
    skill_id TEXT NOT NULL PRIMARY KEY REFERENCES skill (id),
    opening TEXT NOT NULL
);
