-- Circuits (竞赛体系): one cycle of a ladder of competitions each, and which competition belongs to which (docs/adr/0030).
CREATE TABLE circuit (
    id TEXT NOT NULL PRIMARY KEY,
    -- Whose it is; none: this server's own.
    organisation_id TEXT,
    document TEXT NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE INDEX circuit_organisation ON circuit (organisation_id);
CREATE TABLE circuit_competition (
    competition_id TEXT NOT NULL PRIMARY KEY REFERENCES competition (id),
    circuit_id TEXT NOT NULL REFERENCES circuit (id),
    placed_by TEXT NOT NULL,
    placed_at BIGINT NOT NULL
);
CREATE INDEX circuit_competition_circuit ON circuit_competition (circuit_id);
