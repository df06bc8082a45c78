-- Replication: the plant's one log as far as this database holds it, and what became of each commit.

-- Ed25519, by the author's device; none while the commit waits here.
ALTER TABLE _commits ADD COLUMN signature BLOB;

-- In the log a device gives each number once. What waits may be numbered again before it gets there.
DROP INDEX _commits_of_device;
CREATE UNIQUE INDEX _commits_of_device ON _commits (device_id, sequence)
    WHERE global_seq IS NOT NULL;

-- "derived": a verdict made this event, its commit did not record it. "entry": the log entry by which
-- it happened, where that is not the first of its commit.
ALTER TABLE _events ADD COLUMN derived INTEGER NOT NULL DEFAULT 0;
ALTER TABLE _events ADD COLUMN entry INTEGER;

-- What a commit recorded and does not stand: refused, parked, decided otherwise, or taken back.
CREATE TABLE _events_set_aside (
    commit_position INTEGER NOT NULL REFERENCES _commits (position),
    commit_index INTEGER NOT NULL,
    id BLOB NOT NULL,
    aggregate_type TEXT NOT NULL,
    aggregate_id BLOB NOT NULL,
    event_type TEXT NOT NULL,
    schema_version INTEGER NOT NULL,
    payload BLOB NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (commit_position, commit_index)
) STRICT, WITHOUT ROWID;

-- Of what the commit is taken to have done, where that is not what it recorded.
ALTER TABLE _sync_queue ADD COLUMN seal BLOB;

-- A commit that was parked stands in the log twice.
CREATE TABLE _log (
    global_seq INTEGER PRIMARY KEY,
    commit_position INTEGER NOT NULL REFERENCES _commits (position),
    verdict TEXT NOT NULL,
    reason TEXT NOT NULL,
    hlc TEXT NOT NULL,
    hash BLOB NOT NULL
) STRICT;
CREATE INDEX _log_of_commit ON _log (commit_position);

CREATE TABLE devices (
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    mark TEXT NOT NULL,
    public_key TEXT NOT NULL,
    user_id BLOB NOT NULL,
    withdrawn TEXT NOT NULL,
    PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX devices_by_mark ON devices (mark);

CREATE TABLE resolution_items (
    id BLOB NOT NULL,
    commit_id BLOB NOT NULL,
    matter TEXT NOT NULL,
    status TEXT NOT NULL,
    command_type TEXT NOT NULL,
    refusal TEXT NOT NULL,
    facts TEXT NOT NULL,
    user_id BLOB NOT NULL,
    device_id BLOB NOT NULL,
    recorded_at TEXT NOT NULL,
    day TEXT NOT NULL,
    closed_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX resolution_items_by_matter ON resolution_items (matter);
CREATE INDEX resolution_items_by_status ON resolution_items (status);

CREATE TABLE resolution_claims (
    item_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    subject BLOB NOT NULL,
    cause BLOB,
    code TEXT NOT NULL,
    product_id BLOB,
    quantity INTEGER NOT NULL,
    unit TEXT NOT NULL,
    day TEXT NOT NULL,
    open INTEGER NOT NULL,
    PRIMARY KEY (item_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX resolution_claims_by_subject ON resolution_claims (subject);
CREATE INDEX resolution_claims_by_cause ON resolution_claims (cause);
