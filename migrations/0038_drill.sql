-- Drills: competitions of one skill that a foreman starts from a phone. The series is what they have in
-- common that are held to the same aspects, so that one can be seen beside the next.
CREATE TABLE drill (
    competition_id TEXT NOT NULL PRIMARY KEY REFERENCES competition (id),
    skill_id TEXT NOT NULL UNIQUE REFERENCES skill (id),
    series TEXT NOT NULL,
    account_id TEXT NOT NULL REFERENCES account (id),
    made_at BIGINT NOT NULL
);
