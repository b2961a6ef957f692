-- Up to where a ledger's entries have a verified copy in a second place (R-195): what a judge's sheet calls
-- sealed. Only the copier moves it, and only up.
ALTER TABLE ledger_head ADD COLUMN safe_seq BIGINT NOT NULL DEFAULT 0;
