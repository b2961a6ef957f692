-- The practice of a skill: another skill, of a competition of its own, with a ledger of its own. Marks made
-- there are in no other ledger (docs/adr/0017).
CREATE TABLE practice (
    skill_id TEXT NOT NULL PRIMARY KEY REFERENCES skill (id),
    practice_id TEXT NOT NULL UNIQUE REFERENCES skill (id),
    made_at BIGINT NOT NULL
);
