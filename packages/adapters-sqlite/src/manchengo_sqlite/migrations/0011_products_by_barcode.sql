-- A barcode is of one product: whether another has it is asked of every one that comes in.
CREATE INDEX products_mp_by_gtin ON products_mp (gtin);
CREATE INDEX products_pf_by_gtin ON products_pf (gtin);
