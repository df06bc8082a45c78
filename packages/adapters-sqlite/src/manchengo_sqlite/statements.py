"""Every statement on the log and the few totals, written once.

The literals in the look-up of candidates are there on purpose: SQLite takes a partial index only
where its condition stands in the query word for word.
"""

from functools import cache

from manchengo.ports.rows import (
    FREE_LOTS,
    OPEN_LOTS,
    ORDER_OF,
    FinishedLotRow,
    RawLotRow,
    Row,
)
from manchengo_sqlite.places import NUMBERS_GIVEN, REWINDS
from manchengo_sqlite.tables import NEVER, in_order

HEAD = "SELECT max(position) FROM _commits"
TIP = "SELECT sequence, hash, hlc FROM _devices WHERE id = ?"
TIPS = "SELECT id, sequence, hash, hlc FROM _devices ORDER BY id"
SET_TIP = (
    "INSERT INTO _devices (id, sequence, hash, hlc) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (id) DO UPDATE SET"
    " sequence = excluded.sequence, hash = excluded.hash, hlc = excluded.hlc"
)

TIP_IN_LOG = (
    "SELECT sequence, hash, hlc FROM _commits WHERE device_id = ? AND global_seq IS NOT NULL"
    " ORDER BY sequence DESC LIMIT 1"
)

_COMMIT = (
    "SELECT c.position, c.id, c.device_id, c.user_id, c.sequence, c.occurred_at, c.hlc,"
    " c.business_date, c.command_type, c.command_version, c.command, c.import_id, c.previous,"
    " c.hash, c.signature, c.authorship"
)
COMMIT = f"{_COMMIT} FROM _commits AS c WHERE c.id = ?"
COMMIT_AT = f"{_COMMIT} FROM _commits AS c WHERE c.position = ?"
COMMITS = f"{_COMMIT} FROM _commits AS c WHERE c.position > ? ORDER BY c.position LIMIT ?"
COMMITS_OF_IMPORT = (
    f"{_COMMIT} FROM _commits AS c WHERE c.position > ? AND c.import_id = ?"
    " ORDER BY c.position LIMIT ?"
)
REMAINS_OF_COMMIT = (
    "SELECT id, device_id, sequence, CAST(business_date AS BLOB) FROM _commits"
    " WHERE position > ? AND (? IS NULL OR import_id = ?) ORDER BY position LIMIT 1"
)
ADD_COMMIT = (
    "INSERT INTO _commits (position, id, device_id, user_id, sequence, occurred_at, hlc,"
    " business_date, command_type, command_version, command, import_id, previous, hash, signature,"
    " authorship, global_seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
REMOVE_COMMIT = "DELETE FROM _commits WHERE position = ?"
RESEAL = (
    "UPDATE _commits SET id = ?, device_id = ?, sequence = ?, business_date = ?, command_type = ?,"
    " command_version = ?, command = ?, previous = ?, hash = ?, authorship = ?, signature = NULL"
    " WHERE id = ?"
)
DEFER_FOREIGN_KEYS = "PRAGMA defer_foreign_keys = ON"
MOVE_COMMIT = "UPDATE _commits SET position = ? WHERE position = ?"
MOVE_ASIDE = "UPDATE _events_set_aside SET commit_position = ? WHERE commit_position = ?"
MOVE_IN_QUEUE = "UPDATE _sync_queue SET commit_position = ? WHERE commit_position = ?"
POSITION = "SELECT position FROM _commits WHERE id = ?"

QUEUE = "INSERT INTO _sync_queue (commit_position) VALUES (?)"
UNQUEUE = "DELETE FROM _sync_queue WHERE commit_position = ?"
SET_SEAL = "UPDATE _sync_queue SET seal = ? WHERE commit_position = ?"
COUNT_QUEUED = "SELECT count(*) FROM _sync_queue"
NEXT_QUEUED = (
    "SELECT commit_position FROM _sync_queue WHERE commit_position > ?"
    " ORDER BY commit_position LIMIT 1"
)
QUEUED = (
    f"{_COMMIT}, q.commit_position, q.seal"
    " FROM _sync_queue AS q LEFT JOIN _commits AS c ON c.position = q.commit_position"
    " WHERE q.commit_position > ? ORDER BY q.commit_position LIMIT ?"
)
# What waits is behind what is in the log; each has its own way to the newest.
LAST_COMMITS_OF_DEVICE = (
    f"{_COMMIT} FROM _commits AS c WHERE c.position IN ("
    "SELECT * FROM (SELECT q.commit_position FROM _sync_queue AS q"
    " CROSS JOIN _commits AS w ON w.position = q.commit_position"
    " WHERE w.device_id = ?1 AND w.sequence < ?2 ORDER BY q.commit_position DESC LIMIT ?3)"
    " UNION ALL SELECT * FROM (SELECT position FROM _commits"
    " WHERE device_id = ?1 AND sequence < ?2 AND global_seq IS NOT NULL"
    " ORDER BY sequence DESC LIMIT ?3)"
    ") ORDER BY c.sequence DESC, c.position DESC LIMIT ?3"
)
LAST_COMMITS_OF_IMPORT = (
    f"{_COMMIT} FROM _commits AS c WHERE c.import_id = ? AND c.position < ?"
    " ORDER BY c.position DESC LIMIT ?"
)
COMMIT_IDS = "SELECT id FROM _commits WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ?"
HASH_AND_SIGNATURE_AT = "SELECT hash, signature FROM _commits WHERE position = ?"

CURSOR = "SELECT max(global_seq) FROM _log"
LOG_HASH = "SELECT hash FROM _log ORDER BY global_seq DESC LIMIT 1"
_LOG = (
    f"{_COMMIT}, l.global_seq, l.verdict, l.reason, l.hlc, l.hash, l.global_seq ="
    " (SELECT min(global_seq) FROM _log AS f WHERE f.commit_position = l.commit_position)"
    " FROM _log AS l LEFT JOIN _commits AS c ON c.position = l.commit_position"
)
ENTRIES = f"{_LOG} WHERE l.global_seq > ? ORDER BY l.global_seq LIMIT ?"
LAST_ENTRY_OF_COMMIT = (
    f"{_LOG} WHERE l.commit_position = (SELECT position FROM _commits WHERE id = ?)"
    " ORDER BY l.global_seq DESC LIMIT 1"
)
_LAST_PLACE_OF_DEVICE = (
    "(SELECT global_seq FROM _commits WHERE device_id = ? AND global_seq IS NOT NULL"
    " ORDER BY sequence DESC LIMIT 1)"
)
LAST_ENTRY_OF_DEVICE = f"{_LOG} WHERE l.global_seq = {_LAST_PLACE_OF_DEVICE}"
NEXT_PLACE = (
    "SELECT global_seq, commit_position FROM _log WHERE global_seq > ? ORDER BY global_seq LIMIT 1"
)
PLACES_OF_COMMIT = "SELECT global_seq FROM _log WHERE commit_position = ?"
ADD_ENTRY = (
    "INSERT INTO _log (global_seq, commit_position, verdict, reason, hlc, hash)"
    " VALUES (?, ?, ?, ?, ?, ?)"
)
REMOVE_ENTRY = "DELETE FROM _log WHERE global_seq = ?"
PLACE = "UPDATE _commits SET global_seq = ?, signature = ? WHERE position = ?"
_LAST_PLACE = "(SELECT max(l.global_seq) FROM _log AS l WHERE l.commit_position = {position})"
UNPLACE = (
    f"UPDATE _commits SET global_seq = {_LAST_PLACE.format(position='_commits.position')}"
    " WHERE position = ?"
)
MISPLACED_COMMIT = (
    "SELECT c.id FROM _commits AS c LEFT JOIN _sync_queue AS q ON q.commit_position = c.position"
    f" WHERE c.position > ? AND (c.global_seq IS NOT {_LAST_PLACE.format(position='c.position')}"
    " OR (c.global_seq IS NULL) <> (q.commit_position IS NOT NULL))"
    " ORDER BY c.position LIMIT 1"
)

_ENTRY = (
    "SELECT e.id, e.aggregate_type, e.aggregate_id, e.event_type, e.schema_version, e.payload,"
    " e.version, e.position, c.id, c.import_id"
    " FROM _events e JOIN _commits c ON c.position = e.commit_position"
)
STREAM = f"{_ENTRY} WHERE e.aggregate_id = ? AND e.position > ? ORDER BY e.position"
_FOLDED = (
    "SELECT aggregate_id, position, aggregate_type, event_type, schema_version, payload"
    " FROM _events WHERE aggregate_id >= ?1"
)
STREAMS_FROM = f"{_FOLDED} ORDER BY aggregate_id, position"
STREAMS_BETWEEN = f"{_FOLDED} AND aggregate_id < ?2 ORDER BY aggregate_id, position"
AGGREGATE_AT = (
    "SELECT aggregate_id FROM _events WHERE aggregate_id >= ?1"
    " ORDER BY aggregate_id, position LIMIT 1 OFFSET ?2"
)
AGGREGATE_AFTER = (
    "SELECT aggregate_id FROM _events WHERE aggregate_id > ?1"
    " ORDER BY aggregate_id, position LIMIT 1"
)
_RECORDED = (
    "id, aggregate_type, aggregate_id, event_type, schema_version, payload, version, commit_index"
)


@cache
def events_of(count: int) -> str:
    """The events of so many commits: each commit's effects in their order, and what of it was
    recorded without effect.
    """
    these = ", ".join(f"?{number}" for number in range(1, count + 1))
    return (
        f"SELECT commit_position, {_RECORDED}, derived, entry, FALSE AS aside"
        f" FROM _events WHERE commit_position IN ({these})"
        f" UNION ALL SELECT commit_position, {_RECORDED}, FALSE, NULL, TRUE"
        f" FROM _events_set_aside WHERE commit_position IN ({these})"
        " ORDER BY derived, commit_index"
    )


SET_ASIDE = (
    f"INSERT INTO _events_set_aside (commit_position, {_RECORDED})"
    f" SELECT commit_position, {_RECORDED} FROM _events"
    " WHERE commit_position = ? AND entry IS ? AND NOT derived"
)
_UNDONE = "FROM _events WHERE commit_position = ? AND entry IS ?"
SUM_OF_UNDONE = f"SELECT ifnull(sum(seq), 0) {_UNDONE}"
UNDO_EFFECTS = f"DELETE {_UNDONE}"
NO_LONGER_ASIDE = "DELETE FROM _events_set_aside WHERE commit_position = ?"
ADD_ASIDE = (
    f"INSERT INTO _events_set_aside (commit_position, {_RECORDED})"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
NUMBERS_OF_COMMIT = "SELECT seq FROM _events WHERE commit_position = ? ORDER BY commit_index"
LAST_POSITION = "SELECT max(position) FROM _events WHERE aggregate_id = ?"
NEXT_STREAM = "SELECT min(aggregate_id) FROM _events WHERE aggregate_id >= ?"


@cache
def ends_of(count: int) -> str:
    """Where the streams of so many aggregates end; nothing of those that have none."""
    marks = ", ".join("?" for _ in range(count))
    return (
        "SELECT aggregate_id, max(position) FROM _events"
        f" WHERE aggregate_id IN ({marks}) GROUP BY aggregate_id"
    )


ADD_EVENT = (
    "INSERT INTO _events (seq, id, commit_position, commit_index, aggregate_type, aggregate_id,"
    " event_type, schema_version, payload, version, position, derived, entry)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)

SETTING = "SELECT value FROM _config WHERE name = ?"
SET_SETTING = "INSERT OR REPLACE INTO _config (name, value) VALUES (?, ?)"


@cache
def next_code(kinds: tuple[type[Row], ...]) -> str:
    """The first comparison key from ``?1`` on that a row of one of these kinds has."""
    found = " UNION ALL ".join(
        f"SELECT min(code_key) AS code_key FROM {kind.TABLE} WHERE code_key >= ?1" for kind in kinds
    )
    return f"SELECT min(code_key) FROM ({found})"


RANK = {policy: in_order(order) for policy, order in ORDER_OF.items()}
CANDIDATES = {
    (kind, policy): (
        f"SELECT {rank} FROM {kind.TABLE}"
        f" WHERE product_id = ? AND {FREE_LOTS}"
        f" AND entered_on <= ? AND ifnull(expires_on, {NEVER}) >= ?"
        f" AND ({rank}) > (?, ?, ?)"
        f" ORDER BY {rank}"
    )
    for kind in (RawLotRow, FinishedLotRow)
    for policy, rank in RANK.items()
}

_FIT = f"standing = 'released' AND here_from <= ? AND ifnull(expires_on, {NEVER}) >= ?"
_LOTS = "product_id, standing, ifnull(opening_on, entered_on) AS here_from, expires_on"
_OF_LOTS = "product_id, standing, here_from, expires_on"
_TOTALS = (
    "SELECT product_id, sum(held) AS held, sum(kept) AS kept,"
    f" sum(CASE WHEN {_FIT} THEN max(0, held - kept) ELSE 0 END) AS usable, count(*) AS open_lots"
)
# Each table for itself: its index gives the lots product by product, so that nothing is sorted.
_NOW = (
    f"{_TOTALS} FROM (SELECT {_LOTS}, quantity_remaining AS held, quantity_reserved AS kept"
    f" FROM {{table}} WHERE {OPEN_LOTS}) GROUP BY product_id"
)
STOCK = (
    "SELECT product_id, sum(held), sum(kept), sum(usable), sum(open_lots) FROM ("
    f"{_NOW.format(table='lots_mp')} UNION ALL {_NOW.format(table='lots_pf')}"
    ") GROUP BY product_id ORDER BY product_id"
)
HELD_NOW = (
    f"SELECT id, quantity_remaining FROM lots_mp WHERE {OPEN_LOTS}"
    f" UNION ALL SELECT id, quantity_remaining FROM lots_pf WHERE {OPEN_LOTS}"
)
MOVED_UNTIL = "SELECT lot_id, quantity FROM stock_movements WHERE day <= ? ORDER BY day"
MOVED_AFTER = "SELECT lot_id, sum(quantity) FROM stock_movements WHERE day > ? GROUP BY lot_id"
MOVED_BY_DAY = (
    "SELECT day, product_id, kind, sum(quantity) FROM stock_movements WHERE day BETWEEN ? AND ?"
    " GROUP BY day, product_id, kind ORDER BY day, product_id, kind"
)
MOVED_SINCE = "SELECT count(*) FROM (SELECT 1 FROM stock_movements WHERE day > ? LIMIT ?)"
LAST_EVENT = "SELECT max(seq) FROM _events"

# Events as they were stored, each with the place of its commit: in the log, or behind it.
EVENT_ORDER = (
    "SELECT e.seq, e.entry, (SELECT min(l.global_seq) FROM _log AS l"
    " WHERE l.commit_position = e.commit_position), e.commit_position, e.commit_index"
    " FROM _events AS e ORDER BY e.seq"
)
_LAST_NUMBER = (
    "max(ifnull((SELECT max(seq) FROM _events), 0),"
    f" ifnull((SELECT CAST(value AS INTEGER) FROM _config WHERE name = '{NUMBERS_GIVEN}'), 0))"
)
LAST_NUMBER_GIVEN = f"SELECT {_LAST_NUMBER}"
HEAD_LAST_NUMBER_AND_REWINDS = (
    f"SELECT ifnull(({HEAD}), 0), {_LAST_NUMBER},"
    f" ifnull((SELECT CAST(value AS INTEGER) FROM _config WHERE name = '{REWINDS}'), 0)"
)
