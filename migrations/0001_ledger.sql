-- The ledger: entries, where each chain and each device stands, checkpoints, and the free text that
-- entries only commit to. What an entry says stands in its text alone; beside it is only what it is
-- found by.
CREATE TABLE ledger_entry (
    ledger_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    entry_id TEXT NOT NULL UNIQUE,
    entry TEXT NOT NULL,
    PRIMARY KEY (ledger_id, seq)
);
-- One row a ledger: it names the ledger and is what a writing server locks. Where the chain stands
-- is said by the entries alone.
CREATE TABLE ledger_head (
    ledger_id TEXT NOT NULL PRIMARY KEY
);
-- last_dseq only ever goes up by what a group enters, checked as it is written: that keeps a device's
-- numbers unique without an index over every entry (docs/adr/0002).
CREATE TABLE ledger_device (
    device_id TEXT NOT NULL PRIMARY KEY,
    ledger_id TEXT NOT NULL,
    last_dseq BIGINT NOT NULL,
    safe_dseq BIGINT NOT NULL
);
CREATE TABLE ledger_checkpoint (
    ledger_id TEXT NOT NULL,
    size BIGINT NOT NULL,
    root TEXT NOT NULL,
    note TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (ledger_id, size)
);
CREATE TABLE ledger_reason (
    entry_id TEXT NOT NULL PRIMARY KEY,
    salt TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE TABLE server_state (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
