-- A second person's word for an act, given before the act is entered: one row an act, for exactly the
-- content that hashes so. Where the act came first, person is empty for good.
CREATE TABLE confirmation (
    act_id TEXT NOT NULL PRIMARY KEY,
    ledger_id TEXT NOT NULL,
    body TEXT NOT NULL,
    person TEXT,
    given_at BIGINT NOT NULL
);
