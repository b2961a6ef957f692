-- Every scheme that a skill had while it was set up, so that what was changed can be seen and taken back.
CREATE TABLE scheme_version (
    skill_id TEXT NOT NULL REFERENCES skill (id),
    number BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    account_id TEXT,
    how TEXT NOT NULL,
    digest TEXT NOT NULL,
    aspects BIGINT NOT NULL,
    total BIGINT NOT NULL,
    scheme TEXT NOT NULL,
    noted BIGINT NOT NULL,
    notes TEXT NOT NULL,
    -- Who marked it when it was left; nothing of the newest.
    panels TEXT,
    PRIMARY KEY (skill_id, number)
);
