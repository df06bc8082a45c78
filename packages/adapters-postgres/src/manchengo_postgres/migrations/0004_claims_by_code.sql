-- A lot that is only claimed is found by the code on its label.
CREATE INDEX resolution_claims_by_code ON resolution_claims USING hash (code);
