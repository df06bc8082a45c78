-- A lot of the opening stock has neither a supplier nor a production order: both tables of lots are
-- made anew, for SQLite lets no column become optional.
CREATE TABLE lots_mp_with_opening (
    id BLOB NOT NULL,
    code TEXT NOT NULL,
    product_id BLOB NOT NULL,
    unit TEXT NOT NULL,
    status TEXT NOT NULL,
    standing TEXT NOT NULL,
    standing_reason TEXT NOT NULL,
    entered_on TEXT NOT NULL,
    expires_on TEXT,
    quantity_initial INTEGER NOT NULL,
    quantity_remaining INTEGER NOT NULL,
    quantity_reserved INTEGER NOT NULL,
    supplier_id BLOB,
    supplier_reference TEXT NOT NULL,
    unit_price INTEGER NOT NULL,
    opening_on TEXT,
    PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;
INSERT INTO lots_mp_with_opening (
    id, code, product_id, unit, status, standing, standing_reason, entered_on, expires_on,
    quantity_initial, quantity_remaining, quantity_reserved, supplier_id, supplier_reference, unit_price
) SELECT
    id, code, product_id, unit, status, standing, standing_reason, entered_on, expires_on,
    quantity_initial, quantity_remaining, quantity_reserved, supplier_id, supplier_reference, unit_price
FROM lots_mp;
DROP TABLE lots_mp;
ALTER TABLE lots_mp_with_opening RENAME TO lots_mp;

CREATE TABLE lots_pf_with_opening (
    id BLOB NOT NULL,
    code TEXT NOT NULL,
    product_id BLOB NOT NULL,
    unit TEXT NOT NULL,
    status TEXT NOT NULL,
    standing TEXT NOT NULL,
    standing_reason TEXT NOT NULL,
    entered_on TEXT NOT NULL,
    expires_on TEXT,
    quantity_initial INTEGER NOT NULL,
    quantity_remaining INTEGER NOT NULL,
    quantity_reserved INTEGER NOT NULL,
    order_id BLOB,
    role TEXT NOT NULL,
    unit_price INTEGER NOT NULL,
    opening_on TEXT,
    PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;
INSERT INTO lots_pf_with_opening (
    id, code, product_id, unit, status, standing, standing_reason, entered_on, expires_on,
    quantity_initial, quantity_remaining, quantity_reserved, order_id, role, unit_price
) SELECT
    id, code, product_id, unit, status, standing, standing_reason, entered_on, expires_on,
    quantity_initial, quantity_remaining, quantity_reserved, order_id, role, 0
FROM lots_pf;
DROP TABLE lots_pf;
ALTER TABLE lots_pf_with_opening RENAME TO lots_pf;

CREATE INDEX lots_mp_fifo ON lots_mp
    (product_id, entered_on, ifnull(expires_on, '9999-12-31'), id, quantity_remaining, expires_on)
    WHERE status = 'AVAILABLE' AND quantity_remaining > 0;
CREATE INDEX lots_mp_fefo ON lots_mp
    (product_id, ifnull(expires_on, '9999-12-31'), entered_on, id, quantity_remaining, expires_on)
    WHERE status = 'AVAILABLE' AND quantity_remaining > 0;
CREATE INDEX lots_mp_open ON lots_mp (product_id) WHERE quantity_remaining > 0;
CREATE INDEX lots_pf_fifo ON lots_pf
    (product_id, entered_on, ifnull(expires_on, '9999-12-31'), id, quantity_remaining, expires_on)
    WHERE status = 'AVAILABLE' AND quantity_remaining > 0;
CREATE INDEX lots_pf_fefo ON lots_pf
    (product_id, ifnull(expires_on, '9999-12-31'), entered_on, id, quantity_remaining, expires_on)
    WHERE status = 'AVAILABLE' AND quantity_remaining > 0;
CREATE INDEX lots_pf_open ON lots_pf (product_id) WHERE quantity_remaining > 0;
CREATE INDEX lots_mp_by_code ON lots_mp (code);
CREATE INDEX lots_mp_by_supplier_id ON lots_mp (supplier_id);
CREATE INDEX lots_pf_by_code ON lots_pf (code);
CREATE INDEX lots_pf_by_order_id ON lots_pf (order_id);
