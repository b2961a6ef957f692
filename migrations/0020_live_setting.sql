-- What organisers decided about live boards; nothing here changes a result. A skill without a row is
-- anonymous and shown by its rule set's policy; a competition without one is not public.
CREATE TABLE live_skill (
    skill_id TEXT NOT NULL PRIMARY KEY,
    policy TEXT,
    named_at BIGINT,
    session_label TEXT,
    session_from BIGINT,
    session_until BIGINT,
    frozen_seq BIGINT,
    frozen_at BIGINT,
    frozen_by TEXT
);
CREATE TABLE live_competition (
    competition_id TEXT NOT NULL PRIMARY KEY,
    public_at BIGINT
);
-- One row: it counts the changes, so that other servers notice them by reading one number.
CREATE TABLE live_change (
    id TEXT NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL
);
