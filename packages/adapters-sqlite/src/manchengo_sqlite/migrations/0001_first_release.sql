-- The tables of the first release.
--
-- All are STRICT. Ids and hashes are BLOBs, quantities and money INTEGERs in the smallest unit,
-- dates ISO text. Rules of law are dated rows with their source: valid_from and valid_to are the
-- first and the last day, and NULL is no bound.

-- This device's own settings; never replicated.
CREATE TABLE _config (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- factor: the size in the smallest unit of the dimension; decimals: digits people write.
CREATE TABLE ref_units (
    code TEXT PRIMARY KEY,
    dimension TEXT NOT NULL,
    factor INTEGER NOT NULL CHECK (factor > 0),
    decimals INTEGER NOT NULL CHECK (decimals >= 0)
) STRICT, WITHOUT ROWID;

-- The kinds of client that are offered for choice; a client may bear another.
CREATE TABLE ref_categories (
    code TEXT PRIMARY KEY,
    name_fr TEXT NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO ref_categories (code, name_fr)
VALUES ('detail', 'Détail'), ('gros', 'Gros'), ('restauration', 'Restauration');

CREATE TABLE ref_wilayas (
    code TEXT PRIMARY KEY CHECK (length(code) = 2),
    name_fr TEXT NOT NULL,
    name_ar TEXT NOT NULL,
    created_by TEXT NOT NULL,
    valid_from TEXT CHECK (valid_from IS date(valid_from))
) STRICT, WITHOUT ROWID;

-- From valid_from a commune lies in wilaya_code; until the eve, in previous_wilaya_code.
CREATE TABLE ref_communes (
    code TEXT PRIMARY KEY CHECK (length(code) = 4),
    name_fr TEXT NOT NULL,
    name_ar TEXT NOT NULL,
    wilaya_code TEXT NOT NULL REFERENCES ref_wilayas (code),
    previous_wilaya_code TEXT REFERENCES ref_wilayas (code),
    valid_from TEXT CHECK (valid_from IS date(valid_from)),
    CHECK ((previous_wilaya_code IS NULL) = (valid_from IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX ref_communes_by_wilaya ON ref_communes (wilaya_code, name_fr);

CREATE TABLE ref_vat_rates (
    id TEXT PRIMARY KEY,
    class TEXT NOT NULL,
    basis_points INTEGER NOT NULL CHECK (basis_points >= 0),
    valid_from TEXT NOT NULL CHECK (valid_from IS date(valid_from)),
    valid_to TEXT CHECK (valid_to IS date(valid_to)),
    source TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The band with above < amount <= up_to, for the whole amount: per_slice for each started slice,
-- at least minimum, at most maximum. In centimes.
CREATE TABLE ref_stamp_duty (
    id TEXT PRIMARY KEY,
    above INTEGER NOT NULL CHECK (above >= 0),
    up_to INTEGER CHECK (up_to > above),
    per_slice INTEGER NOT NULL CHECK (per_slice >= 0),
    slice INTEGER NOT NULL CHECK (slice > 0),
    minimum INTEGER NOT NULL CHECK (minimum >= 0),
    maximum INTEGER CHECK (maximum >= minimum),
    valid_from TEXT NOT NULL CHECK (valid_from IS date(valid_from)),
    valid_to TEXT CHECK (valid_to IS date(valid_to)),
    source TEXT NOT NULL
) STRICT, WITHOUT ROWID;
