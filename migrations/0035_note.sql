-- What judges write of cells or photograph there. It is personal data at times and no result depends on
-- it, so it lies beside the ledgers: of what was taken back only the id and its place stay, so that a late
-- request does not bring it again. A note with a hash is a photo, whose bytes are in the other table.
CREATE TABLE note (
    id TEXT NOT NULL PRIMARY KEY,
    ledger_id TEXT NOT NULL,
    judge TEXT NOT NULL,
    competitor TEXT NOT NULL,
    aspect TEXT NOT NULL,
    text TEXT NOT NULL,
    photo TEXT,
    made_at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    taken_back_at BIGINT
);
CREATE INDEX note_ledger ON note (ledger_id, received_at);
-- SQLite keeps bytes in a column of any type.
CREATE TABLE note_photo (
    note_id TEXT NOT NULL PRIMARY KEY REFERENCES note (id),
    bytes BYTEA NOT NULL
);
