-- Whom the panel of a sub-criterion marks now, as a chief judge says: no entry, since it changes no
-- result, but kept, so that it outlives a restart and every server of the database tells it.
CREATE TABLE competitor_call (
    ledger_id TEXT NOT NULL,
    sub_criterion TEXT NOT NULL,
    competitor TEXT NOT NULL,
    called_by TEXT NOT NULL,
    called_at BIGINT NOT NULL,
    PRIMARY KEY (ledger_id, sub_criterion)
);
-- Counts the changes of a skill's calls, ends too, so that an older telling is known for one.
CREATE TABLE call_number (
    ledger_id TEXT NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL
);
