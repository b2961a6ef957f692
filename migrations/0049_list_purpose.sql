-- What a list that waits, or was taken in, is of: competitors, judges, or the marks of an aspect.
ALTER TABLE import_draft ADD COLUMN purpose TEXT NOT NULL DEFAULT 'roster';
ALTER TABLE import_batch ADD COLUMN purpose TEXT NOT NULL DEFAULT 'roster';
