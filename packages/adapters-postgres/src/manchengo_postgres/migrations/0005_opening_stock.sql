-- A lot of the opening stock has neither a supplier nor a production order.
ALTER TABLE lots_mp ALTER COLUMN supplier_id DROP NOT NULL;
ALTER TABLE lots_mp ADD COLUMN opening_on date;
ALTER TABLE lots_pf ALTER COLUMN order_id DROP NOT NULL;
ALTER TABLE lots_pf ADD COLUMN unit_price bigint NOT NULL DEFAULT 0;
ALTER TABLE lots_pf ALTER COLUMN unit_price DROP DEFAULT;
ALTER TABLE lots_pf ADD COLUMN opening_on date;
