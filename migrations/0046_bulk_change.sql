-- The last bulk change of a skill's competitors, with what undoes it, sealed; for a day, and in no copy.
CREATE TABLE bulk_change (
    id TEXT NOT NULL PRIMARY KEY,
    skill_id TEXT NOT NULL,
    act TEXT NOT NULL,
    value TEXT NOT NULL,
    people BIGINT NOT NULL,
    undoing TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE INDEX bulk_change_skill ON bulk_change (skill_id);
