-- Who was noted at a registration desk as being here, by the roster's own code: no entry, since no result depends
-- on it. Of one that was taken back it stays who did that and when; of each competitor one holds at most.
CREATE TABLE check_in (
    id TEXT NOT NULL PRIMARY KEY,
    skill_id TEXT NOT NULL REFERENCES skill (id),
    code TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    made_by TEXT NOT NULL REFERENCES account (id),
    undone_at BIGINT,
    undone_by TEXT
);
CREATE INDEX check_in_competitor ON check_in (skill_id, code);
CREATE UNIQUE INDEX check_in_held ON check_in (skill_id, code) WHERE undone_at IS NULL;
