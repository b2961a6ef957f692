-- The keys by which devices sign what they submit (R-198), and since when: the newest of an enrolment is
-- the one that is asked for. A browser that lost its storage makes another.
CREATE TABLE device_key (
    enrolment_id TEXT NOT NULL REFERENCES enrolment (id),
    key TEXT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (enrolment_id, key)
);
-- What each device signed, by the entry that it became.
CREATE TABLE ledger_signature (
    entry_id TEXT NOT NULL PRIMARY KEY,
    signature TEXT NOT NULL
);
