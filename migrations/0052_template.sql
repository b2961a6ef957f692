-- Competitions that are offered as templates: others may begin with their skills, schemes, parts and rules.
CREATE TABLE template (
    competition_id TEXT NOT NULL PRIMARY KEY REFERENCES competition (id),
    offered_by TEXT NOT NULL,
    offered_at BIGINT NOT NULL
);
