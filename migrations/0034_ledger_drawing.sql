-- A signature as it was drawn on a device (R-144), by the entry that commits to it. It is somebody's hand,
-- so it lies beside the ledger as reasons do, and can be erased.
CREATE TABLE ledger_drawing (
    entry_id TEXT NOT NULL PRIMARY KEY,
    salt TEXT NOT NULL,
    strokes TEXT NOT NULL
);
