-- What was mended of a list before it is taken in: the cells that were typed anew, as JSON that is sealed with the
-- vault's key as the list itself is.
ALTER TABLE import_draft ADD COLUMN mended TEXT;
