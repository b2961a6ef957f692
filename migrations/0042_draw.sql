-- A draw of some skills of a competition: its plan, what was committed to, and what it is opened with, sealed
-- (docs/adr/0027). What became of it stands in the skills' ledgers.
CREATE TABLE draw (
    id TEXT NOT NULL PRIMARY KEY,
    competition_id TEXT NOT NULL REFERENCES competition (id),
    made_at BIGINT NOT NULL,
    document TEXT NOT NULL
);
CREATE INDEX draw_competition ON draw (competition_id);
