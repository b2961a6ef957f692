-- The tree of organisations, and who holds which role over what (docs/adr/0024). A competition is an
-- organisation's; one without is this server's own. What stands above another row is no foreign key: a copy
-- is put back table by table and row by row, in no order that would fit.
CREATE TABLE organisation (
    id TEXT NOT NULL PRIMARY KEY,
    parent_id TEXT,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE INDEX organisation_parent ON organisation (parent_id);
ALTER TABLE competition ADD COLUMN organisation_id TEXT;
CREATE INDEX competition_organisation ON competition (organisation_id);
-- The scope is 'everything', 'organisation:ID', 'competition:ID' or 'skill:ID'.
CREATE TABLE appointment (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    role TEXT NOT NULL,
    scope TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    ended_by TEXT,
    ended_at BIGINT
);
CREATE INDEX appointment_account ON appointment (account_id);
-- A link that appoints whoever takes it up; good once, for a while. Of its secret only the hash is kept.
CREATE TABLE invitation (
    id TEXT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    scope TEXT NOT NULL,
    whom TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    ended_at BIGINT
);
-- Until now every account was an organiser of everything.
INSERT INTO appointment (id, account_id, role, scope, made_by, made_at)
SELECT 'administrator:' || id, id, 'platform_administrator', 'everything', id, made_at FROM account;
INSERT INTO appointment (id, account_id, role, scope, made_by, made_at)
SELECT 'organiser:' || id, id, 'organiser', 'everything', id, made_at FROM account;
