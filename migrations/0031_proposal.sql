-- An act of a chief judge's that waits for a second person: one row until it is entered or taken back.
-- The reason is free text and goes with the row; once entered it lies where reasons do.
CREATE TABLE proposal (
    act_id TEXT NOT NULL PRIMARY KEY,
    ledger_id TEXT NOT NULL,
    enrolment_id TEXT NOT NULL,
    actor TEXT NOT NULL,
    body TEXT NOT NULL,
    salt TEXT NOT NULL,
    reason TEXT NOT NULL,
    made_at BIGINT NOT NULL
);
