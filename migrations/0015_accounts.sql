-- Who may sign in. Secrets are kept as hashes only.
CREATE TABLE account (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    password TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    ended_at BIGINT
);
-- A judge's card: good for one sign-in with its PIN, by which the device becomes theirs.
CREATE TABLE enrolment (
    id TEXT NOT NULL PRIMARY KEY,
    skill_id TEXT NOT NULL REFERENCES skill (id),
    judge TEXT NOT NULL,
    role TEXT NOT NULL,
    code TEXT NOT NULL UNIQUE,
    pin TEXT NOT NULL,
    failures BIGINT NOT NULL,
    device_id TEXT UNIQUE,
    made_at BIGINT NOT NULL,
    used_at BIGINT,
    ended_at BIGINT
);
-- A session is an account's or an enrolment's, never both.
CREATE TABLE session (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT REFERENCES account (id),
    enrolment_id TEXT REFERENCES enrolment (id),
    secret TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX session_account ON session (account_id);
CREATE INDEX session_enrolment ON session (enrolment_id);
-- Tickets that were used, until they would have expired anyway.
CREATE TABLE ticket_used (
    id TEXT NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL
);
