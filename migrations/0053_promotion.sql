-- Who goes on from results to a skill above: by which rule, confirmed by whom, and what became of it (docs/adr/0033).
CREATE TABLE advancement (
    -- The skill that people go on to.
    skill_id TEXT NOT NULL PRIMARY KEY REFERENCES skill (id),
    -- The rule, and the skills below.
    document TEXT NOT NULL,
    changes BIGINT NOT NULL
);
-- Lots that were drawn among equals, the first the best.
CREATE TABLE advancement_lot (
    skill_id TEXT NOT NULL REFERENCES skill (id),
    number BIGINT NOT NULL,
    document TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (skill_id, number)
);
CREATE TABLE promotion (
    id TEXT NOT NULL PRIMARY KEY,
    skill_id TEXT NOT NULL REFERENCES skill (id),
    -- From where: the skill below, and the code there of who or which team goes on.
    feeder_id TEXT NOT NULL REFERENCES skill (id),
    code TEXT NOT NULL,
    state TEXT NOT NULL,
    -- From which result and by which rule; empty where the place was given up before it was confirmed.
    lineage TEXT NOT NULL,
    -- The promotion in whose place this one came.
    replaces TEXT,
    changes BIGINT NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX promotion_of ON promotion (skill_id, feeder_id, code);
CREATE INDEX promotion_feeder ON promotion (feeder_id);
-- What was done, by whom; what was said is sealed, as it may name people.
CREATE TABLE promotion_step (
    promotion_id TEXT NOT NULL REFERENCES promotion (id),
    number BIGINT NOT NULL,
    step TEXT NOT NULL,
    lineage TEXT NOT NULL,
    said TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (promotion_id, number)
);
-- The registrations by which they came onto the list above; a team has one for each of its people.
CREATE TABLE promotion_entry (
    promotion_id TEXT NOT NULL REFERENCES promotion (id),
    code TEXT NOT NULL,
    registration_id TEXT NOT NULL REFERENCES registration (id),
    PRIMARY KEY (promotion_id, code)
);
CREATE INDEX promotion_entry_registration ON promotion_entry (registration_id);
