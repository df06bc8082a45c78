-- The log of one plant: commits, their events, and the verdicts by which they stand.
--
-- Every text is compared byte by byte, as on the devices: whatever the server's own language is.

-- Whoever writes locks this one row first. So its numbers have no gap and go up in the order of the
-- commits, which no sequence of PostgreSQL promises. "global_seq": the last entry of the log;
-- "log_hash": the hash of that entry; "position": of the last commit stored; "rewinds": how often
-- something was taken back.
CREATE TABLE _counter (
    one boolean PRIMARY KEY DEFAULT TRUE CHECK (one),
    global_seq bigint NOT NULL,
    log_hash bytea NOT NULL,
    position bigint NOT NULL,
    rewinds bigint NOT NULL
);
INSERT INTO _counter (global_seq, log_hash, position, rewinds)
VALUES (0, decode(repeat('00', 32), 'hex'), 0, 0);

CREATE TABLE _config (
    name text COLLATE "C" PRIMARY KEY,
    value text COLLATE "C" NOT NULL
);

-- "occurred_at" is text, because the seal of a commit covers the instant as its author wrote it.
-- "signature": Ed25519, by the author's device; none while the commit waits. "global_seq": the last
-- place it was given in the log.
CREATE TABLE _commits (
    position bigint PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    device_id uuid NOT NULL,
    user_id uuid NOT NULL,
    sequence bigint NOT NULL,
    occurred_at text COLLATE "C" NOT NULL,
    hlc text COLLATE "C" NOT NULL,
    business_date date NOT NULL,
    command_type text COLLATE "C" NOT NULL,
    command_version bigint NOT NULL,
    command bytea NOT NULL,
    import_id uuid,
    previous bytea NOT NULL,
    hash bytea NOT NULL,
    signature bytea,
    global_seq bigint
);
-- In the log a device gives each number once. What waits may be numbered again before it gets
-- there.
CREATE UNIQUE INDEX _commits_of_device ON _commits (device_id, sequence)
    WHERE global_seq IS NOT NULL;
CREATE INDEX _commits_of_import ON _commits (import_id, position) WHERE import_id IS NOT NULL;

-- "version" is what the author expected to write; "position" is where the event stands here.
-- "derived": a verdict made this event, its commit did not record it. "entry": the log entry by
-- which it happened, where that is not the first of its commit.
CREATE TABLE _events (
    aggregate_id uuid NOT NULL,
    position bigint NOT NULL,
    id uuid NOT NULL,
    commit_position bigint NOT NULL REFERENCES _commits (position),
    commit_index bigint NOT NULL,
    aggregate_type text COLLATE "C" NOT NULL,
    event_type text COLLATE "C" NOT NULL,
    schema_version bigint NOT NULL,
    payload bytea NOT NULL,
    version bigint NOT NULL,
    derived boolean NOT NULL,
    entry bigint,
    PRIMARY KEY (aggregate_id, position)
);
CREATE INDEX _events_of_commit ON _events (commit_position);

-- What a commit recorded and does not stand: refused, parked, decided otherwise, or taken back.
CREATE TABLE _events_set_aside (
    commit_position bigint NOT NULL REFERENCES _commits (position),
    commit_index bigint NOT NULL,
    id uuid NOT NULL,
    aggregate_type text COLLATE "C" NOT NULL,
    aggregate_id uuid NOT NULL,
    event_type text COLLATE "C" NOT NULL,
    schema_version bigint NOT NULL,
    payload bytea NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (commit_position, commit_index)
);

-- Where each device's chain of commits stands.
CREATE TABLE _devices (
    id uuid PRIMARY KEY,
    sequence bigint NOT NULL,
    hash bytea NOT NULL,
    hlc text COLLATE "C" NOT NULL
);

-- The commits that are in the log of no server yet; a server has none. "seal": of what the commit
-- is taken to have done, where that is not what it recorded.
CREATE TABLE _sync_queue (
    commit_position bigint PRIMARY KEY REFERENCES _commits (position),
    seal bytea
);

-- A commit that was parked stands in the log twice.
CREATE TABLE _log (
    global_seq bigint PRIMARY KEY,
    commit_position bigint NOT NULL REFERENCES _commits (position),
    verdict text COLLATE "C" NOT NULL,
    reason text COLLATE "C" NOT NULL,
    hlc text COLLATE "C" NOT NULL,
    hash bytea NOT NULL
);
CREATE INDEX _log_of_commit ON _log (commit_position, global_seq);

-- What was refused, and who opened what. What was done is in the log itself.
CREATE TABLE audit_log (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at text COLLATE "C" NOT NULL,
    user_id uuid NOT NULL,
    device_id uuid NOT NULL,
    action text COLLATE "C" NOT NULL,
    outcome text COLLATE "C" NOT NULL,
    facts text COLLATE "C" NOT NULL
);

-- Not every payload need be a text: one that is none is shown with its odd bytes spelt out.
CREATE FUNCTION _readable(payload bytea) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN convert_from(payload, 'UTF8');
EXCEPTION WHEN data_exception THEN
    RETURN encode(payload, 'escape');
END
$$;

-- The whole envelope of each event, as a person or a tool would want to read it.
CREATE VIEW event_log AS
SELECT e.id, e.aggregate_type, e.aggregate_id, e.event_type, e.schema_version,
    _readable(e.payload) AS payload, c.occurred_at, c.user_id, c.device_id, e.version,
    q.commit_position IS NULL AS synced, c.id AS commit_id, e.commit_index,
    coalesce(
        e.entry, (SELECT min(l.global_seq) FROM _log AS l WHERE l.commit_position = c.position)
    ) AS global_seq,
    c.business_date, c.hlc, c.command_type
FROM _events AS e JOIN _commits AS c ON c.position = e.commit_position
LEFT JOIN _sync_queue AS q ON q.commit_position = c.position;

-- The views: each row belongs to one aggregate and can be made again from its stream alone.

CREATE TABLE suppliers (
    code text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    commune text COLLATE "C" NOT NULL,
    address text COLLATE "C" NOT NULL,
    phone text COLLATE "C" NOT NULL,
    email text COLLATE "C" NOT NULL,
    nif text COLLATE "C" NOT NULL,
    nis text COLLATE "C" NOT NULL,
    rc text COLLATE "C" NOT NULL,
    ai text COLLATE "C" NOT NULL,
    archived boolean NOT NULL,
    id uuid NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE clients (
    code text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    commune text COLLATE "C" NOT NULL,
    address text COLLATE "C" NOT NULL,
    phone text COLLATE "C" NOT NULL,
    email text COLLATE "C" NOT NULL,
    nif text COLLATE "C" NOT NULL,
    nis text COLLATE "C" NOT NULL,
    rc text COLLATE "C" NOT NULL,
    ai text COLLATE "C" NOT NULL,
    archived boolean NOT NULL,
    id uuid NOT NULL,
    category text COLLATE "C" NOT NULL,
    minimum_shelf_life_days bigint NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE products_mp (
    id uuid NOT NULL,
    code text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    name_ar text COLLATE "C" NOT NULL,
    unit text COLLATE "C" NOT NULL,
    shelf_life_days bigint,
    price bigint NOT NULL,
    vat_class text COLLATE "C" NOT NULL,
    allocation text COLLATE "C" NOT NULL,
    release_required boolean NOT NULL,
    gtin text COLLATE "C" NOT NULL,
    archived boolean NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE products_pf (
    id uuid NOT NULL,
    code text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    name_ar text COLLATE "C" NOT NULL,
    unit text COLLATE "C" NOT NULL,
    shelf_life_days bigint,
    price bigint NOT NULL,
    vat_class text COLLATE "C" NOT NULL,
    allocation text COLLATE "C" NOT NULL,
    release_required boolean NOT NULL,
    gtin text COLLATE "C" NOT NULL,
    archived boolean NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE recipes (
    id uuid NOT NULL,
    product_id uuid NOT NULL,
    version bigint NOT NULL,
    batch bigint NOT NULL,
    unit text COLLATE "C" NOT NULL,
    expected_yield bigint NOT NULL,
    valid_from date NOT NULL,
    archived boolean NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE recipe_ingredients (
    recipe_id uuid NOT NULL,
    version bigint NOT NULL,
    number bigint NOT NULL,
    product_id uuid NOT NULL,
    quantity bigint NOT NULL,
    unit text COLLATE "C" NOT NULL,
    by_product boolean NOT NULL,
    PRIMARY KEY (recipe_id, version, number)
);

CREATE TABLE lots_mp (
    id uuid NOT NULL,
    code text COLLATE "C" NOT NULL,
    product_id uuid NOT NULL,
    unit text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    standing text COLLATE "C" NOT NULL,
    standing_reason text COLLATE "C" NOT NULL,
    entered_on date NOT NULL,
    expires_on date,
    quantity_initial bigint NOT NULL,
    quantity_remaining bigint NOT NULL,
    quantity_reserved bigint NOT NULL,
    supplier_id uuid NOT NULL,
    supplier_reference text COLLATE "C" NOT NULL,
    unit_price bigint NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE lots_pf (
    id uuid NOT NULL,
    code text COLLATE "C" NOT NULL,
    product_id uuid NOT NULL,
    unit text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    standing text COLLATE "C" NOT NULL,
    standing_reason text COLLATE "C" NOT NULL,
    entered_on date NOT NULL,
    expires_on date,
    quantity_initial bigint NOT NULL,
    quantity_remaining bigint NOT NULL,
    quantity_reserved bigint NOT NULL,
    order_id uuid NOT NULL,
    role text COLLATE "C" NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE stock_movements (
    lot_id uuid NOT NULL,
    number bigint NOT NULL,
    product_id uuid NOT NULL,
    day date NOT NULL,
    kind text COLLATE "C" NOT NULL,
    quantity bigint NOT NULL,
    unit text COLLATE "C" NOT NULL,
    cause uuid,
    reason text COLLATE "C" NOT NULL,
    PRIMARY KEY (lot_id, number)
);

CREATE TABLE lot_reservations (
    lot_id uuid NOT NULL,
    number bigint NOT NULL,
    product_id uuid NOT NULL,
    owner uuid NOT NULL,
    day date NOT NULL,
    quantity bigint NOT NULL,
    PRIMARY KEY (lot_id, number)
);

CREATE TABLE production_orders (
    id uuid NOT NULL,
    code text COLLATE "C" NOT NULL,
    product_id uuid NOT NULL,
    recipe_id uuid NOT NULL,
    recipe_version bigint NOT NULL,
    status text COLLATE "C" NOT NULL,
    day date NOT NULL,
    completed_on date,
    planned bigint NOT NULL,
    obtained bigint NOT NULL,
    lost bigint NOT NULL,
    unit text COLLATE "C" NOT NULL,
    reason text COLLATE "C" NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE production_consumptions (
    order_id uuid NOT NULL,
    number bigint NOT NULL,
    lot_id uuid NOT NULL,
    product_id uuid NOT NULL,
    quantity bigint NOT NULL,
    unit text COLLATE "C" NOT NULL,
    day date NOT NULL,
    override_reason text COLLATE "C" NOT NULL,
    PRIMARY KEY (order_id, number)
);

CREATE TABLE sales_orders (
    id uuid NOT NULL,
    code text COLLATE "C" NOT NULL,
    client_id uuid NOT NULL,
    status text COLLATE "C" NOT NULL,
    day date NOT NULL,
    net bigint NOT NULL,
    reason text COLLATE "C" NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE sales_order_lines (
    order_id uuid NOT NULL,
    number bigint NOT NULL,
    product_id uuid NOT NULL,
    quantity bigint NOT NULL,
    shipped bigint NOT NULL,
    unit text COLLATE "C" NOT NULL,
    unit_price bigint NOT NULL,
    PRIMARY KEY (order_id, number)
);

CREATE TABLE deliveries (
    id uuid NOT NULL,
    code text COLLATE "C" NOT NULL,
    order_id uuid NOT NULL,
    client_id uuid NOT NULL,
    status text COLLATE "C" NOT NULL,
    day date NOT NULL,
    dispatched_on date,
    carrier text COLLATE "C" NOT NULL,
    received_by text COLLATE "C" NOT NULL,
    proof text COLLATE "C" NOT NULL,
    reason text COLLATE "C" NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE delivery_lines (
    delivery_id uuid NOT NULL,
    number bigint NOT NULL,
    lot_id uuid NOT NULL,
    product_id uuid NOT NULL,
    quantity bigint NOT NULL,
    returned bigint NOT NULL,
    unit text COLLATE "C" NOT NULL,
    override_reason text COLLATE "C" NOT NULL,
    PRIMARY KEY (delivery_id, number)
);

CREATE TABLE invoices (
    id uuid NOT NULL,
    number text COLLATE "C",
    client_id uuid NOT NULL,
    status text COLLATE "C" NOT NULL,
    day date NOT NULL,
    due_on date,
    net bigint NOT NULL,
    vat bigint NOT NULL,
    gross bigint NOT NULL,
    paid bigint NOT NULL,
    credited bigint NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE invoice_lines (
    invoice_id uuid NOT NULL,
    number bigint NOT NULL,
    product_id uuid,
    designation text COLLATE "C" NOT NULL,
    quantity bigint NOT NULL,
    unit text COLLATE "C" NOT NULL,
    unit_price bigint NOT NULL,
    discount bigint NOT NULL,
    vat_rate bigint NOT NULL,
    vat_rule text COLLATE "C" NOT NULL,
    net bigint NOT NULL,
    PRIMARY KEY (invoice_id, number)
);

CREATE TABLE credit_notes (
    id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    number text COLLATE "C",
    day date NOT NULL,
    reason text COLLATE "C" NOT NULL,
    net bigint NOT NULL,
    vat bigint NOT NULL,
    gross bigint NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE payments (
    id uuid NOT NULL,
    client_id uuid NOT NULL,
    status text COLLATE "C" NOT NULL,
    mode text COLLATE "C" NOT NULL,
    amount bigint NOT NULL,
    unallocated bigint NOT NULL,
    day date NOT NULL,
    reference text COLLATE "C" NOT NULL,
    cheque_number text COLLATE "C" NOT NULL,
    cheque_dated date,
    cheque_drawee text COLLATE "C" NOT NULL,
    reason text COLLATE "C" NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE payment_allocations (
    payment_id uuid NOT NULL,
    number bigint NOT NULL,
    invoice_id uuid NOT NULL,
    amount bigint NOT NULL,
    day date NOT NULL,
    PRIMARY KEY (payment_id, number)
);

CREATE TABLE users (
    id uuid NOT NULL,
    name text COLLATE "C" NOT NULL,
    roles text COLLATE "C" NOT NULL,
    active boolean NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE devices (
    id uuid NOT NULL,
    name text COLLATE "C" NOT NULL,
    mark text COLLATE "C" NOT NULL,
    public_key text COLLATE "C" NOT NULL,
    user_id uuid NOT NULL,
    withdrawn text COLLATE "C" NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE imports (
    id uuid NOT NULL,
    kind text COLLATE "C" NOT NULL,
    file_name text COLLATE "C" NOT NULL,
    digest text COLLATE "C" NOT NULL,
    day date NOT NULL,
    status text COLLATE "C" NOT NULL,
    accepted bigint NOT NULL,
    unchanged bigint NOT NULL,
    refused bigint NOT NULL,
    reason text COLLATE "C" NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE resolution_items (
    id uuid NOT NULL,
    commit_id uuid NOT NULL,
    matter text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    command_type text COLLATE "C" NOT NULL,
    refusal text COLLATE "C" NOT NULL,
    facts text COLLATE "C" NOT NULL,
    user_id uuid NOT NULL,
    device_id uuid NOT NULL,
    recorded_at text COLLATE "C" NOT NULL,
    day date NOT NULL,
    closed_by text COLLATE "C" NOT NULL,
    reason text COLLATE "C" NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE resolution_claims (
    item_id uuid NOT NULL,
    number bigint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    subject uuid NOT NULL,
    cause uuid,
    code text COLLATE "C" NOT NULL,
    product_id uuid,
    quantity bigint NOT NULL,
    unit text COLLATE "C" NOT NULL,
    day date NOT NULL,
    open boolean NOT NULL,
    PRIMARY KEY (item_id, number)
);

-- Oldest first, and first expired first: the look-up of candidates reads nothing else.
CREATE INDEX lots_mp_fifo ON lots_mp
    (product_id, entered_on, coalesce(expires_on, DATE '9999-12-31'), id)
    WHERE status = 'AVAILABLE' AND quantity_remaining > 0;
CREATE INDEX lots_mp_fefo ON lots_mp
    (product_id, coalesce(expires_on, DATE '9999-12-31'), entered_on, id)
    WHERE status = 'AVAILABLE' AND quantity_remaining > 0;
CREATE INDEX lots_mp_open ON lots_mp (product_id) WHERE quantity_remaining > 0;
CREATE INDEX lots_pf_fifo ON lots_pf
    (product_id, entered_on, coalesce(expires_on, DATE '9999-12-31'), id)
    WHERE status = 'AVAILABLE' AND quantity_remaining > 0;
CREATE INDEX lots_pf_fefo ON lots_pf
    (product_id, coalesce(expires_on, DATE '9999-12-31'), entered_on, id)
    WHERE status = 'AVAILABLE' AND quantity_remaining > 0;
CREATE INDEX lots_pf_open ON lots_pf (product_id) WHERE quantity_remaining > 0;

-- The other look-ups. By their hash where anyone may have chosen the text: a tree refuses what is
-- longer than a third of its page, and a commit is kept however long its words are.
CREATE INDEX suppliers_by_code ON suppliers USING hash (code);
CREATE INDEX clients_by_code ON clients USING hash (code);
CREATE INDEX products_mp_by_code ON products_mp USING hash (code);
CREATE INDEX products_pf_by_code ON products_pf USING hash (code);
CREATE INDEX recipes_by_product_id ON recipes (product_id);
CREATE INDEX recipe_ingredients_by_product_id ON recipe_ingredients (product_id);
CREATE INDEX lots_mp_by_code ON lots_mp USING hash (code);
CREATE INDEX lots_mp_by_product_id ON lots_mp (product_id);
CREATE INDEX lots_mp_by_supplier_id ON lots_mp (supplier_id);
CREATE INDEX lots_pf_by_code ON lots_pf USING hash (code);
CREATE INDEX lots_pf_by_product_id ON lots_pf (product_id);
CREATE INDEX lots_pf_by_order_id ON lots_pf (order_id);
CREATE INDEX stock_movements_by_day ON stock_movements (day);
CREATE INDEX lot_reservations_by_owner ON lot_reservations (owner);
CREATE INDEX production_orders_by_code ON production_orders USING hash (code);
CREATE INDEX production_orders_by_recipe_id ON production_orders (recipe_id);
CREATE INDEX production_consumptions_by_lot_id ON production_consumptions (lot_id);
CREATE INDEX sales_orders_by_code ON sales_orders USING hash (code);
CREATE INDEX sales_orders_by_client_id ON sales_orders (client_id);
CREATE INDEX sales_order_lines_by_product_id ON sales_order_lines (product_id);
CREATE INDEX deliveries_by_code ON deliveries USING hash (code);
CREATE INDEX deliveries_by_order_id ON deliveries (order_id);
CREATE INDEX delivery_lines_by_lot_id ON delivery_lines (lot_id);
CREATE INDEX invoices_by_number ON invoices USING hash (number);
CREATE INDEX invoices_by_client_id ON invoices (client_id);
CREATE INDEX invoice_lines_by_product_id ON invoice_lines (product_id);
CREATE INDEX credit_notes_by_number ON credit_notes USING hash (number);
CREATE INDEX credit_notes_by_invoice_id ON credit_notes (invoice_id);
CREATE INDEX payments_by_client_id ON payments (client_id);
CREATE INDEX payment_allocations_by_invoice_id ON payment_allocations (invoice_id);
CREATE INDEX users_by_name ON users USING hash (name);
CREATE INDEX devices_by_mark ON devices USING hash (mark);
CREATE INDEX imports_by_digest ON imports USING hash (digest);
CREATE INDEX resolution_items_by_matter ON resolution_items USING hash (matter);
CREATE INDEX resolution_items_by_status ON resolution_items (status);
CREATE INDEX resolution_claims_by_subject ON resolution_claims (subject);
CREATE INDEX resolution_claims_by_cause ON resolution_claims (cause);
