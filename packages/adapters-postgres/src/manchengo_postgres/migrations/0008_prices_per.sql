-- A price is for so many units; all those of before were for one.
ALTER TABLE products_mp ADD COLUMN price_per bigint NOT NULL DEFAULT 1;
ALTER TABLE products_pf ADD COLUMN price_per bigint NOT NULL DEFAULT 1;
ALTER TABLE lots_mp ADD COLUMN price_per bigint NOT NULL DEFAULT 1;
ALTER TABLE lots_pf ADD COLUMN price_per bigint NOT NULL DEFAULT 1;
ALTER TABLE sales_order_lines ADD COLUMN price_per bigint NOT NULL DEFAULT 1;
ALTER TABLE invoice_lines ADD COLUMN price_per bigint NOT NULL DEFAULT 1;
