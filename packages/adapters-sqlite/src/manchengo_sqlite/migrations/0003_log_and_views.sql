-- The log: commits, their events, and what the server has not seen yet.

CREATE TABLE _commits (
    position INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    device_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    sequence INTEGER NOT NULL,
    occurred_at TEXT NOT NULL,
    hlc TEXT NOT NULL,
    business_date TEXT NOT NULL,
    command_type TEXT NOT NULL,
    command_version INTEGER NOT NULL,
    command BLOB NOT NULL,
    import_id BLOB,
    previous BLOB NOT NULL,
    hash BLOB NOT NULL,
    global_seq INTEGER
) STRICT;
CREATE UNIQUE INDEX _commits_of_device ON _commits (device_id, sequence);
CREATE INDEX _commits_of_import ON _commits (import_id) WHERE import_id IS NOT NULL;

-- "version" is what the author expected to write; "position" is where the event stands here.
-- AUTOINCREMENT: a number is never given twice, even after the last row was taken away.
CREATE TABLE _events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL,
    commit_position INTEGER NOT NULL REFERENCES _commits (position),
    commit_index INTEGER NOT NULL,
    aggregate_type TEXT NOT NULL,
    aggregate_id BLOB NOT NULL,
    event_type TEXT NOT NULL,
    schema_version INTEGER NOT NULL,
    payload BLOB NOT NULL,
    version INTEGER NOT NULL,
    position INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX _events_of_aggregate ON _events (aggregate_id, position);
CREATE INDEX _events_of_commit ON _events (commit_position, commit_index);

-- Where each device's chain of commits stands.
CREATE TABLE _devices (
    id BLOB NOT NULL PRIMARY KEY,
    sequence INTEGER NOT NULL,
    hash BLOB NOT NULL,
    hlc TEXT NOT NULL
) STRICT;

CREATE TABLE _sync_queue (
    commit_position INTEGER PRIMARY KEY REFERENCES _commits (position)
) STRICT;

-- The whole envelope of each event, as a person or a tool would want to read it.
CREATE VIEW event_log AS
SELECT e.seq, lower(hex(e.id)) AS id, e.aggregate_type, lower(hex(e.aggregate_id)) AS aggregate_id,
    e.event_type, e.schema_version, CAST(e.payload AS TEXT) AS payload, c.occurred_at,
    lower(hex(c.user_id)) AS user_id, lower(hex(c.device_id)) AS device_id, e.version,
    q.commit_position IS NULL AS synced, lower(hex(c.id)) AS commit_id, e.commit_index,
    c.global_seq, c.business_date, c.hlc, c.command_type
FROM _events e JOIN _commits c ON c.position = e.commit_position
LEFT JOIN _sync_queue q ON q.commit_position = c.position;

-- What was refused, and who opened what. What was done is in the log itself.
CREATE TABLE audit_log (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    user_id BLOB NOT NULL,
    device_id BLOB NOT NULL,
    action TEXT NOT NULL,
    outcome TEXT NOT NULL,
    facts TEXT NOT NULL
) STRICT;

CREATE TABLE qr_scans (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    user_id BLOB NOT NULL,
    device_id BLOB NOT NULL,
    code TEXT NOT NULL,
    outcome TEXT NOT NULL
) STRICT;

-- The views: each row belongs to one aggregate and can be made again from its stream alone.

CREATE TABLE suppliers (
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    commune TEXT NOT NULL,
    address TEXT NOT NULL,
    phone TEXT NOT NULL,
    email TEXT NOT NULL,
    nif TEXT NOT NULL,
    nis TEXT NOT NULL,
    rc TEXT NOT NULL,
    ai TEXT NOT NULL,
    archived INTEGER NOT NULL,
    id BLOB NOT NULL,
    PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE clients (
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    commune TEXT NOT NULL,
    address TEXT NOT NULL,
    phone TEXT NOT NULL,
    email TEXT NOT NULL,
    nif TEXT NOT NULL,
    nis TEXT NOT NULL,
    rc TEXT NOT NULL,
    ai TEXT NOT NULL,
    archived INTEGER NOT NULL,
    id BLOB NOT NULL,
    category TEXT NOT NULL,
    minimum_shelf_life_days INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE products_mp (
    id BLOB NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    name_ar TEXT NOT NULL,
    unit TEXT NOT NULL,
    shelf_life_days INTEGER,
    price INTEGER NOT NULL,
    vat_class TEXT NOT NULL,
    allocation TEXT NOT NULL,
    release_required INTEGER NOT NULL,
    gtin TEXT NOT NULL,
    archived INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE products_pf (
    id BLOB NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    name_ar TEXT NOT NULL,
    unit TEXT NOT NULL,
    shelf_life_days INTEGER,
    price INTEGER NOT NULL,
    vat_class TEXT NOT NULL,
    allocation TEXT NOT NULL,
    release_required INTEGER NOT NULL,
    gtin TEXT NOT NULL,
    archived INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE recipes (
    id BLOB NOT NULL,
    product_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    batch INTEGER NOT NULL,
    unit TEXT NOT NULL,
    expected_yield INTEGER NOT NULL,
    valid_from TEXT NOT NULL,
    archived INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE recipe_ingredients (
    recipe_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    number INTEGER NOT NULL,
    product_id BLOB NOT NULL,
    quantity INTEGER NOT NULL,
    unit TEXT NOT NULL,
    by_product INTEGER NOT NULL,
    PRIMARY KEY (recipe_id, version, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE lots_mp (
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
    supplier_id BLOB NOT NULL,
    supplier_reference TEXT NOT NULL,
    unit_price INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE lots_pf (
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
    order_id BLOB NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE stock_movements (
    lot_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    product_id BLOB NOT NULL,
    day TEXT NOT NULL,
    kind TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    unit TEXT NOT NULL,
    cause BLOB,
    reason TEXT NOT NULL,
    PRIMARY KEY (lot_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE lot_reservations (
    lot_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    product_id BLOB NOT NULL,
    owner BLOB NOT NULL,
    day TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    PRIMARY KEY (lot_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE production_orders (
    id BLOB NOT NULL,
    code TEXT NOT NULL,
    product_id BLOB NOT NULL,
    recipe_id BLOB NOT NULL,
    recipe_version INTEGER NOT NULL,
    status TEXT NOT NULL,
    day TEXT NOT NULL,
    completed_on TEXT,
    planned INTEGER NOT NULL,
    obtained INTEGER NOT NULL,
    lost INTEGER NOT NULL,
    unit TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE production_consumptions (
    order_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    lot_id BLOB NOT NULL,
    product_id BLOB NOT NULL,
    quantity INTEGER NOT NULL,
    unit TEXT NOT NULL,
    day TEXT NOT NULL,
    override_reason TEXT NOT NULL,
    PRIMARY KEY (order_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE sales_orders (
    id BLOB NOT NULL,
    code TEXT NOT NULL,
    client_id BLOB NOT NULL,
    status TEXT NOT NULL,
    day TEXT NOT NULL,
    net INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE sales_order_lines (
    order_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    product_id BLOB NOT NULL,
    quantity INTEGER NOT NULL,
    shipped INTEGER NOT NULL,
    unit TEXT NOT NULL,
    unit_price INTEGER NOT NULL,
    PRIMARY KEY (order_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE deliveries (
    id BLOB NOT NULL,
    code TEXT NOT NULL,
    order_id BLOB NOT NULL,
    client_id BLOB NOT NULL,
    status TEXT NOT NULL,
    day TEXT NOT NULL,
    dispatched_on TEXT,
    carrier TEXT NOT NULL,
    received_by TEXT NOT NULL,
    proof TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE delivery_lines (
    delivery_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    lot_id BLOB NOT NULL,
    product_id BLOB NOT NULL,
    quantity INTEGER NOT NULL,
    returned INTEGER NOT NULL,
    unit TEXT NOT NULL,
    override_reason TEXT NOT NULL,
    PRIMARY KEY (delivery_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE invoices (
    id BLOB NOT NULL,
    number TEXT,
    client_id BLOB NOT NULL,
    status TEXT NOT NULL,
    day TEXT NOT NULL,
    due_on TEXT,
    net INTEGER NOT NULL,
    vat INTEGER NOT NULL,
    gross INTEGER NOT NULL,
    paid INTEGER NOT NULL,
    credited INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE invoice_lines (
    invoice_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    product_id BLOB,
    designation TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    unit TEXT NOT NULL,
    unit_price INTEGER NOT NULL,
    discount INTEGER NOT NULL,
    vat_rate INTEGER NOT NULL,
    vat_rule TEXT NOT NULL,
    net INTEGER NOT NULL,
    PRIMARY KEY (invoice_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE credit_notes (
    id BLOB NOT NULL,
    invoice_id BLOB NOT NULL,
    number TEXT,
    day TEXT NOT NULL,
    reason TEXT NOT NULL,
    net INTEGER NOT NULL,
    vat INTEGER NOT NULL,
    gross INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE payments (
    id BLOB NOT NULL,
    client_id BLOB NOT NULL,
    status TEXT NOT NULL,
    mode TEXT NOT NULL,
    amount INTEGER NOT NULL,
    unallocated INTEGER NOT NULL,
    day TEXT NOT NULL,
    reference TEXT NOT NULL,
    cheque_number TEXT NOT NULL,
    cheque_dated TEXT,
    cheque_drawee TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE payment_allocations (
    payment_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    invoice_id BLOB NOT NULL,
    amount INTEGER NOT NULL,
    day TEXT NOT NULL,
    PRIMARY KEY (payment_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE users (
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    roles TEXT NOT NULL,
    active INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE imports (
    id BLOB NOT NULL,
    kind TEXT NOT NULL,
    file_name TEXT NOT NULL,
    digest TEXT NOT NULL,
    day TEXT NOT NULL,
    status TEXT NOT NULL,
    accepted INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

-- Oldest first, and first expired first: the look-up of candidates reads nothing else.
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

-- The other look-ups.
CREATE INDEX suppliers_by_code ON suppliers (code);
CREATE INDEX clients_by_code ON clients (code);
CREATE INDEX products_mp_by_code ON products_mp (code);
CREATE INDEX products_pf_by_code ON products_pf (code);
CREATE INDEX recipes_by_product_id ON recipes (product_id);
CREATE INDEX recipe_ingredients_by_product_id ON recipe_ingredients (product_id);
CREATE INDEX lots_mp_by_code ON lots_mp (code);
CREATE INDEX lots_mp_by_supplier_id ON lots_mp (supplier_id);
CREATE INDEX lots_pf_by_code ON lots_pf (code);
CREATE INDEX lots_pf_by_order_id ON lots_pf (order_id);
CREATE INDEX stock_movements_by_day ON stock_movements (day);
CREATE INDEX lot_reservations_by_owner ON lot_reservations (owner);
CREATE INDEX production_orders_by_code ON production_orders (code);
CREATE INDEX production_orders_by_recipe_id ON production_orders (recipe_id);
CREATE INDEX production_consumptions_by_lot_id ON production_consumptions (lot_id);
CREATE INDEX sales_orders_by_code ON sales_orders (code);
CREATE INDEX sales_orders_by_client_id ON sales_orders (client_id);
CREATE INDEX sales_order_lines_by_product_id ON sales_order_lines (product_id);
CREATE INDEX deliveries_by_code ON deliveries (code);
CREATE INDEX deliveries_by_order_id ON deliveries (order_id);
CREATE INDEX delivery_lines_by_lot_id ON delivery_lines (lot_id);
CREATE INDEX invoices_by_number ON invoices (number);
CREATE INDEX invoices_by_client_id ON invoices (client_id);
CREATE INDEX invoice_lines_by_product_id ON invoice_lines (product_id);
CREATE INDEX credit_notes_by_number ON credit_notes (number);
CREATE INDEX credit_notes_by_invoice_id ON credit_notes (invoice_id);
CREATE INDEX payments_by_client_id ON payments (client_id);
CREATE INDEX payment_allocations_by_invoice_id ON payment_allocations (invoice_id);
CREATE INDEX users_by_name ON users (name);
CREATE INDEX imports_by_digest ON imports (digest);
