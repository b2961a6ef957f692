-- The second factor of an account: the secret of its one-time codes, sealed (docs/adr/0025), while it is being
-- set up and from then on, and the newest step of 30 seconds whose code was taken.
ALTER TABLE account ADD COLUMN factor_draft TEXT;
ALTER TABLE account ADD COLUMN factor TEXT;
ALTER TABLE account ADD COLUMN factor_step BIGINT;
-- Codes for whoever lost their phone: each good once, kept as hashes.
CREATE TABLE recovery_code (
    code TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    used_at BIGINT
);
CREATE INDEX recovery_code_account ON recovery_code (account_id);
-- A link by which somebody gives themselves a new password; good once, for a day.
CREATE TABLE password_link (
    id TEXT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL REFERENCES account (id),
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
-- On what somebody is signed in, in a few words, and when that was last heard of.
ALTER TABLE session ADD COLUMN browser TEXT;
ALTER TABLE session ADD COLUMN seen_at BIGINT;
-- What was done to an account, and by whom: its holder can read it.
CREATE TABLE account_act (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    act TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE INDEX account_act_account ON account_act (account_id);
