-- How often what a competition is was changed, so that boards notice.
ALTER TABLE competition ADD COLUMN changes BIGINT;
-- When what a draft says was about to be pinned, so that nobody changes it meanwhile.
ALTER TABLE skill_draft ADD COLUMN pinned_at BIGINT;
-- A list that was sent and waits to be looked over and taken in; sealed (docs/adr/0025), and in no copy.
CREATE TABLE import_draft (
    id TEXT NOT NULL PRIMARY KEY,
    competition_id TEXT NOT NULL REFERENCES competition (id),
    account_id TEXT NOT NULL REFERENCES account (id),
    file_name TEXT NOT NULL,
    content TEXT NOT NULL,
    made_at BIGINT NOT NULL
);
-- A list that was taken in as a whole, and can be taken back as a whole.
CREATE TABLE import_batch (
    id TEXT NOT NULL PRIMARY KEY,
    competition_id TEXT NOT NULL REFERENCES competition (id),
    file_name TEXT NOT NULL,
    entries BIGINT NOT NULL,
    left_out BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    undone_by TEXT,
    undone_at BIGINT
);
CREATE INDEX import_batch_competition ON import_batch (competition_id);
-- The number of a competitor's identity document, sealed, and what it is found again by.
CREATE TABLE identity (
    skill_id TEXT NOT NULL REFERENCES skill (id),
    code TEXT NOT NULL,
    number TEXT NOT NULL,
    blind TEXT NOT NULL,
    PRIMARY KEY (skill_id, code)
);
CREATE INDEX identity_blind ON identity (blind);
