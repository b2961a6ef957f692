-- Who is entered for a competition by its delegations, on which terms, and what became of it (docs/adr/0029).
CREATE TABLE delegation (
    id TEXT NOT NULL PRIMARY KEY,
    competition_id TEXT NOT NULL REFERENCES competition (id),
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    -- Whose registrars enter for it; none: the organiser alone.
    organisation_id TEXT,
    made_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX delegation_name ON delegation (competition_id, name);
CREATE INDEX delegation_organisation ON delegation (organisation_id);
CREATE TABLE registration_terms (
    competition_id TEXT NOT NULL PRIMARY KEY REFERENCES competition (id),
    document TEXT NOT NULL,
    changes BIGINT NOT NULL
);
-- The person is sealed; the blind is what a document's number is found again by:
-- in `identity` too, where who is approved is on the list.
CREATE TABLE registration (
    id TEXT NOT NULL PRIMARY KEY,
    competition_id TEXT NOT NULL REFERENCES competition (id),
    delegation_id TEXT NOT NULL REFERENCES delegation (id),
    skill_id TEXT NOT NULL REFERENCES skill (id),
    state TEXT NOT NULL,
    changes BIGINT NOT NULL,
    person TEXT NOT NULL,
    blind TEXT NOT NULL,
    replaces TEXT,
    made_at BIGINT NOT NULL
);
CREATE INDEX registration_competition ON registration (competition_id);
CREATE INDEX registration_blind ON registration (blind);
-- What was done to one, by whom, and what was said of it; sealed, as it may name people.
CREATE TABLE registration_step (
    registration_id TEXT NOT NULL REFERENCES registration (id),
    number BIGINT NOT NULL,
    step TEXT NOT NULL,
    said TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (registration_id, number)
);
