-- What was written of a lot and corrected since: one row a field, the value before and the one after.
CREATE TABLE lot_corrections (
    lot_id uuid NOT NULL,
    number bigint NOT NULL,
    day date NOT NULL,
    field text COLLATE "C" NOT NULL,
    before text COLLATE "C" NOT NULL,
    after text COLLATE "C" NOT NULL,
    reason text COLLATE "C" NOT NULL,
    movements bigint NOT NULL,
    PRIMARY KEY (lot_id, number)
);
