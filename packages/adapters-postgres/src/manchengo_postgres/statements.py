"""Every statement on the log and the few totals, written once.

The literals in the look-up of candidates are there on purpose: PostgreSQL takes a partial index
where it can prove its condition from the query, and nothing can be proved of a parameter.
"""

from functools import cache, cached_property

from attrs import frozen

from manchengo.ports.rows import (
    FREE_LOTS,
    OPEN_LOTS,
    ORDER_OF,
    FinishedLotRow,
    RawLotRow,
    Row,
)
from manchengo_postgres.tables import NEVER, in_order


@frozen
class Insert:
    """One row or thousands in one statement: of many, each column is sent as one list."""

    table: str
    columns: tuple[tuple[str, str], ...]
    """Names and types."""

    otherwise: str = ""

    @cached_property
    def one(self) -> str:
        return f"{self._into} VALUES ({', '.join('%b' for _ in self.columns)}){self.otherwise}"

    @cached_property
    def many(self) -> str:
        lists = ", ".join(f"%b::{type_}[]" for _, type_ in self.columns)
        return f"{self._into} SELECT * FROM unnest({lists}){self.otherwise}"

    @property
    def _into(self) -> str:
        return f"INSERT INTO {self.table} ({', '.join(name for name, _ in self.columns)})"


# ---------------------------------------------------------------- the counter

COUNTER = "SELECT global_seq, log_hash, position, rewinds FROM _counter"
TAKE_THE_COUNTER = f"{COUNTER} FOR UPDATE"
SET_COUNTER = "UPDATE _counter SET global_seq = %s, log_hash = %s, position = %s, rewinds = %s"

# ---------------------------------------------------------------- devices

TIP = "SELECT sequence, hash, hlc FROM _devices WHERE id = %s"
TIPS = "SELECT id, sequence, hash, hlc FROM _devices ORDER BY id"
SET_TIPS = Insert(
    "_devices",
    (("id", "uuid"), ("sequence", "bigint"), ("hash", "bytea"), ("hlc", "text")),
    " ON CONFLICT (id) DO UPDATE SET"
    " sequence = excluded.sequence, hash = excluded.hash, hlc = excluded.hlc",
)
TIP_IN_LOG = (
    "SELECT sequence, hash, hlc FROM _commits WHERE device_id = %s AND global_seq IS NOT NULL"
    " ORDER BY sequence DESC LIMIT 1"
)

# ---------------------------------------------------------------- commits

COMMIT_COLUMNS = (
    ("position", "bigint"),
    ("id", "uuid"),
    ("device_id", "uuid"),
    ("user_id", "uuid"),
    ("sequence", "bigint"),
    ("occurred_at", "text"),
    ("hlc", "text"),
    ("business_date", "date"),
    ("command_type", "text"),
    ("command_version", "bigint"),
    ("command", "bytea"),
    ("import_id", "uuid"),
    ("previous", "bytea"),
    ("hash", "bytea"),
    ("signature", "bytea"),
    ("authorship", "bytea"),
)
ADD_COMMITS = Insert("_commits", (*COMMIT_COLUMNS, ("global_seq", "bigint")))
_COMMIT = ", ".join(f"c.{name}" for name, _ in COMMIT_COLUMNS)

COMMIT = f"SELECT {_COMMIT} FROM _commits AS c WHERE id = %s"
COMMIT_AT = f"SELECT {_COMMIT} FROM _commits AS c WHERE position = %s"
COMMITS = f"SELECT {_COMMIT} FROM _commits AS c WHERE position > %s ORDER BY position LIMIT %s"
COMMITS_OF_IMPORT = (
    f"SELECT {_COMMIT} FROM _commits AS c WHERE position > %s AND import_id = %s"
    " ORDER BY position LIMIT %s"
)
_REMAINS = (
    "SELECT id, device_id, sequence, business_date::text FROM _commits WHERE position = (SELECT"
)
REMAINS_OF_COMMIT = f"{_REMAINS} min(position) FROM _commits WHERE position > %s)"
REMAINS_OF_IMPORTED = (
    f"{_REMAINS} min(position) FROM _commits WHERE position > %s AND import_id = %s)"
)
REMAINS_OF_QUEUED = f"{_REMAINS} min(commit_position) FROM _sync_queue WHERE commit_position > %s)"
REMAINS_OF_ENTRY = (
    f"{_REMAINS} commit_position FROM _log WHERE global_seq > %s ORDER BY global_seq LIMIT 1)"
)
KNOWN = "SELECT id FROM _commits WHERE id = ANY(%b::uuid[])"
STANDING = (
    "SELECT position, hash,"
    " (SELECT max(global_seq) FROM _log WHERE commit_position = position)"
    " FROM _commits WHERE id = %s"
)
REMOVE_COMMIT = "DELETE FROM _commits WHERE position = %s"
RESEAL = (
    "UPDATE _commits SET id = %s, device_id = %s, sequence = %s, business_date = %s,"
    " command_type = %s, command_version = %s, command = %s, previous = %s, hash = %s,"
    " authorship = %s, signature = NULL WHERE id = %s"
)
# One statement: the foreign keys are checked at its end.
MOVE_TO_END = (
    "WITH aside AS (UPDATE _events_set_aside SET commit_position = %s WHERE commit_position = %s),"
    " queue AS (UPDATE _sync_queue SET commit_position = %s WHERE commit_position = %s)"
    " UPDATE _commits SET position = %s WHERE position = %s"
)
PLACE = "UPDATE _commits SET global_seq = %s, signature = %s WHERE position = %s"
_LAST_PLACE = "(SELECT max(l.global_seq) FROM _log AS l WHERE l.commit_position = {position})"
UNPLACE = (
    f"UPDATE _commits SET global_seq = {_LAST_PLACE.format(position='_commits.position')}"
    " WHERE position = %s"
)
MISPLACED_COMMIT = (
    "SELECT c.id FROM _commits AS c LEFT JOIN _sync_queue AS q ON q.commit_position = c.position"
    " WHERE c.position > %s"
    f" AND (c.global_seq IS DISTINCT FROM {_LAST_PLACE.format(position='c.position')}"
    " OR (c.global_seq IS NULL) <> (q.commit_position IS NOT NULL))"
    " ORDER BY c.position LIMIT 1"
)
COUNTER_IS_RIGHT = (
    "SELECT k.global_seq = coalesce((SELECT max(global_seq) FROM _log), 0)"
    " AND k.log_hash = coalesce((SELECT hash FROM _log ORDER BY global_seq DESC LIMIT 1), %s)"
    " AND k.position = coalesce((SELECT max(position) FROM _commits), 0) FROM _counter AS k"
)

QUEUE = Insert("_sync_queue", (("commit_position", "bigint"), ("seal", "bytea")))
SET_SEAL = "UPDATE _sync_queue SET seal = %s WHERE commit_position = %s"
UNQUEUE = "DELETE FROM _sync_queue WHERE commit_position = %s"
POSITION = "SELECT position FROM _commits WHERE id = %s"
COUNT_QUEUED = "SELECT count(*) FROM _sync_queue"
QUEUED = (
    f"SELECT {_COMMIT}, q.seal"
    " FROM _sync_queue AS q JOIN _commits AS c ON c.position = q.commit_position"
    " WHERE q.commit_position > %s ORDER BY q.commit_position LIMIT %s"
)
# What waits is behind what is in the log; each has its own way to the newest.
LAST_COMMITS_OF_DEVICE = (
    f"SELECT {_COMMIT} FROM _commits AS c WHERE c.position IN ("
    "(SELECT q.commit_position"
    " FROM _sync_queue AS q JOIN _commits AS w ON w.position = q.commit_position"
    " WHERE w.device_id = %s AND w.sequence < %s ORDER BY q.commit_position DESC LIMIT %s)"
    " UNION ALL (SELECT position FROM _commits"
    " WHERE device_id = %s AND sequence < %s AND global_seq IS NOT NULL"
    " ORDER BY sequence DESC LIMIT %s)"
    ") ORDER BY c.sequence DESC, c.position DESC LIMIT %s"
)
LAST_COMMITS_OF_IMPORT = (
    f"SELECT {_COMMIT} FROM _commits AS c WHERE import_id = %s AND position < %s"
    " ORDER BY position DESC LIMIT %s"
)
COMMIT_IDS = "SELECT id FROM _commits WHERE id BETWEEN %s AND %s ORDER BY id LIMIT %s"

# ---------------------------------------------------------------- the log

ADD_ENTRIES = Insert(
    "_log",
    (
        ("global_seq", "bigint"),
        ("commit_position", "bigint"),
        ("verdict", "text"),
        ("reason", "text"),
        ("hlc", "text"),
        ("hash", "bytea"),
    ),
)
_ENTRY = (
    f"SELECT {_COMMIT}, l.global_seq, l.verdict, l.reason, l.hlc, l.hash, l.global_seq ="
    " (SELECT min(global_seq) FROM _log AS f WHERE f.commit_position = l.commit_position)"
    " FROM _log AS l JOIN _commits AS c ON c.position = l.commit_position"
)
ENTRIES = f"{_ENTRY} WHERE l.global_seq > %s ORDER BY l.global_seq LIMIT %s"
ENTRY = f"{_ENTRY} WHERE l.global_seq = %s"
LAST_ENTRY_OF_DEVICE = (
    f"{_ENTRY} WHERE l.global_seq = (SELECT global_seq FROM _commits"
    " WHERE device_id = %s AND global_seq IS NOT NULL ORDER BY sequence DESC LIMIT 1)"
)
LOG_HASH = "SELECT hash FROM _log WHERE global_seq = %s"
PLACES_OF_COMMIT = "SELECT global_seq FROM _log WHERE commit_position = %s"
REMOVE_ENTRY = "DELETE FROM _log WHERE global_seq = %s"

# ---------------------------------------------------------------- events

_RECORDED = (
    ("id", "uuid"),
    ("aggregate_type", "text"),
    ("aggregate_id", "uuid"),
    ("event_type", "text"),
    ("schema_version", "bigint"),
    ("payload", "bytea"),
    ("version", "bigint"),
    ("commit_index", "bigint"),
)
_RECORDED_NAMES = ", ".join(name for name, _ in _RECORDED)
ADD_EVENTS = Insert(
    "_events",
    (
        ("commit_position", "bigint"),
        *_RECORDED,
        ("derived", "boolean"),
        ("entry", "bigint"),
        ("position", "bigint"),
    ),
)
ADD_ASIDE = Insert("_events_set_aside", (("commit_position", "bigint"), *_RECORDED))
EVENTS_OF_COMMITS = (
    f"SELECT commit_position, {_RECORDED_NAMES}, derived, entry, FALSE AS aside"
    " FROM _events WHERE commit_position = ANY(%b::bigint[])"
    f" UNION ALL SELECT commit_position, {_RECORDED_NAMES}, FALSE, NULL, TRUE"
    " FROM _events_set_aside WHERE commit_position = ANY(%b::bigint[])"
    " ORDER BY commit_position, derived, commit_index"
)
_OF_STREAM = (
    "SELECT e.id, e.aggregate_type, e.aggregate_id, e.event_type, e.schema_version, e.payload,"
    " e.version, e.position, c.id, c.import_id"
    " FROM _events AS e JOIN _commits AS c ON c.position = e.commit_position"
)
STREAM = f"{_OF_STREAM} WHERE e.aggregate_id = %s AND e.position > %s ORDER BY e.position"
STREAMS = (
    "SELECT aggregate_id, position, aggregate_type, event_type, schema_version, payload"
    " FROM _events WHERE (aggregate_id, position) > (%s, %s)"
    " ORDER BY aggregate_id, position LIMIT %s"
)
ENDS = (
    "SELECT wanted.id, (SELECT max(position) FROM _events WHERE aggregate_id = wanted.id)"
    " FROM unnest(%b::uuid[]) AS wanted (id)"
)
SET_ASIDE = (
    f"INSERT INTO _events_set_aside (commit_position, {_RECORDED_NAMES})"
    f" SELECT commit_position, {_RECORDED_NAMES} FROM _events"
    " WHERE commit_position = %s AND entry IS NOT DISTINCT FROM %s AND NOT derived"
)
UNDO_EFFECTS = "DELETE FROM _events WHERE commit_position = %s AND entry IS NOT DISTINCT FROM %s"
NO_LONGER_ASIDE = "DELETE FROM _events_set_aside WHERE commit_position = %s"

# ---------------------------------------------------------------- what else is kept

SETTING = "SELECT value FROM _config WHERE name = %s"
SET_SETTING = (
    "INSERT INTO _config (name, value) VALUES (%s, %s)"
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)

# ---------------------------------------------------------------- lots

PAGE_OF_CANDIDATES = 32
RANK = {policy: in_order(order) for policy, order in ORDER_OF.items()}


@cache
def has_code(kinds: tuple[type[Row], ...]) -> str:
    found = (f"EXISTS (SELECT 1 FROM {kind.TABLE} WHERE code_key = %s)" for kind in kinds)
    return f"SELECT {' OR '.join(found)}"


CANDIDATES = {
    (kind, policy): (
        f"SELECT {rank} FROM {kind.TABLE}"
        f" WHERE product_id = %s AND {FREE_LOTS}"
        f" AND entered_on <= %s AND coalesce(expires_on, {NEVER}) >= %s"
        f" AND ({rank}) > (%s::date, %s::date, %s)"
        f" ORDER BY {rank} LIMIT {PAGE_OF_CANDIDATES}"
    )
    for kind in (RawLotRow, FinishedLotRow)
    for policy, rank in RANK.items()
}

_FIT = f"standing = 'released' AND here_from <= %s AND coalesce(expires_on, {NEVER}) >= %s"
_LOTS = "product_id, standing, coalesce(opening_on, entered_on) AS here_from, expires_on"
# A sum of bigint is numeric here: it cannot overflow, and a total is whole all the same.
_TOTALS = (
    "SELECT product_id, sum(held), sum(kept),"
    f" sum(CASE WHEN {_FIT} THEN greatest(0, held - kept) ELSE 0 END), count(*)"
)
STOCK = (
    f"{_TOTALS} FROM ("
    f" SELECT {_LOTS}, quantity_remaining AS held, quantity_reserved AS kept FROM lots_mp"
    f" WHERE {OPEN_LOTS}"
    f" UNION ALL SELECT {_LOTS}, quantity_remaining, quantity_reserved FROM lots_pf"
    f" WHERE {OPEN_LOTS}"
    ") AS lots GROUP BY product_id ORDER BY product_id"
)
MOVED_BY_DAY = (
    "SELECT day, product_id, kind, sum(quantity) FROM stock_movements WHERE day BETWEEN %s AND %s"
    " GROUP BY day, product_id, kind ORDER BY day, product_id, kind"
)
MOVED_AFTER = "SELECT lot_id, sum(quantity) FROM stock_movements WHERE day > %s GROUP BY lot_id"
HELD_AT = (
    "SELECT lot_id, sum(quantity) FROM stock_movements WHERE day <= %s"
    " GROUP BY lot_id HAVING sum(quantity) <> 0"
)
