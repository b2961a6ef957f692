-- Competitions and their skills. A skill's id is its ledger's id. What is not queried stays in one
-- JSON document each; results are never kept here, they are folded from the ledger.
CREATE TABLE competition (
    id TEXT NOT NULL PRIMARY KEY,
    document TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE TABLE skill (
    id TEXT NOT NULL PRIMARY KEY,
    competition_id TEXT NOT NULL REFERENCES competition (id),
    name TEXT NOT NULL,
    document TEXT NOT NULL,
    UNIQUE (competition_id, name)
);
