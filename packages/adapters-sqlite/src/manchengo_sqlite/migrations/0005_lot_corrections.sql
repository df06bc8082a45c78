-- What was written of a lot and corrected since: one row a field, the value before and the one after.
CREATE TABLE lot_corrections (
    lot_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    day TEXT NOT NULL,
    field TEXT NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    reason TEXT NOT NULL,
    movements INTEGER NOT NULL,
    PRIMARY KEY (lot_id, number)
) STRICT, WITHOUT ROWID;
