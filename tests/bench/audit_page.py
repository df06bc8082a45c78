"""A page of fifty records of a long audit takes less than a tenth of a second.

Beside it stand fifty records read by their numbers. What no index gives at once (a search, a kind,
a person, days) reads records until fifty are found: where nothing is found, all of them.
"""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from pstats import Stats
from uuid import UUID

from manchengo.domain.ids import UserId
from manchengo.ports import audit_chain
from manchengo.ports.audit import AuditEntry, AuditHead, AuditKind, AuditQuery, AuditRecord
from manchengo.ports.store import Snapshot
from tests.bench.databases import made_once
from tests.bench.in_turn import Rounds, in_turn, timed
from tests.bench.list_page import AT_ONCE, SIZE
from tests.bench.row import Finding, Row, Setting, stats_of, within
from tests.bench.workshop import ACTOR, workshop

RECORDS = 100_000
WRITTEN_AT_ONCE = 10_000
BEGINNING = datetime(2026, 1, 5, 6, tzinfo=UTC)
EVERY = timedelta(minutes=3)
PEOPLE = [UserId(UUID(int=9 << 76 | 2 << 62 | number)) for number in range(7)]
NOBODY = UserId(UUID(int=9 << 76 | 2 << 62 | 99))
ACTIONS = {
    "lot.receive": "NotPermitted",
    "scan.pour": "done",
    "scan.load": "ScannedAlready",
    "session.unlocked": "done",
    "sync.exchanged": "done",
}
LISTS = {
    "newest": AuditQuery(),
    "one kind": AuditQuery(kinds=(AuditKind.SESSION,)),
    "no record of the kind": AuditQuery(kinds=(AuditKind.DRILL,)),
    "one person": AuditQuery(user_id=PEOPLE[3]),
    "nobody": AuditQuery(user_id=NOBODY),
    "a day long ago": AuditQuery(since=BEGINNING, until=BEGINNING + timedelta(days=1)),
    "search, found": AuditQuery(search="mp-777"),
    "search, nowhere": AuditQuery(search="introuvable"),
}
"""The lists that are measured: by what a person asks for, and how the store is asked."""


def measure(setting: Setting) -> list[Finding]:
    with workshop(filled(setting)) as made, made.store.reading() as snapshot:
        return [
            finding
            for name, query in LISTS.items()
            for finding in _of_list(setting, snapshot, name, query)
        ]


def _of_list(setting: Setting, snapshot: Snapshot, name: str, query: AuditQuery) -> list[Finding]:
    pages: dict[str, Callable[[], object]] = {
        "first": lambda: snapshot.audit_page(query, limit=SIZE),
        "middle": lambda: snapshot.audit_page(query, before=RECORDS // 2, limit=SIZE),
    }
    return [
        within(
            "audit_page",
            Rounds(
                *in_turn(
                    5 if setting.quick else 15,
                    lambda: timed(page),  # noqa: B023 - called at once
                    lambda: timed(lambda: _one_by_one(snapshot)),
                )
            ),
            AT_ONCE,
            note=f"{name}, {which} page; {SIZE} of {RECORDS:,} records; beside: {SIZE} of them by "
            "number, one by one",
        )
        for which, page in pages.items()
    ]


def _one_by_one(snapshot: Snapshot) -> list[AuditRecord | None]:
    return [
        next(snapshot.audit_records(after=number, limit=1), None)
        for number in random.sample(range(RECORDS), SIZE)
    ]


def filled(setting: Setting) -> Path:
    """A database with an audit of that length, and nothing else."""
    return made_once(setting.a_folder("audit") / f"{RECORDS}.db", fill)


def fill(path: Path) -> None:
    records = chained()
    with workshop(path) as made:
        while some := list(islice(records, WRITTEN_AT_ONCE)):
            with made.store.writing(durable=False) as transaction:
                for record in some:
                    transaction.write_audit(record)


def chained() -> Iterator[AuditRecord]:
    """Records in their chain, one every few minutes."""
    tip = audit_chain.BEGIN
    for number in range(RECORDS):
        action, outcome = list(ACTIONS.items())[number % len(ACTIONS)]
        entry = AuditEntry(
            at=BEGINNING + number * EVERY,
            user_id=PEOPLE[number % len(PEOPLE)],
            device_id=ACTOR.device_id,
            action=action,
            outcome=outcome,
            facts=f'{{"scan":{{"kind":"LOT_MP","code":"MP-{number % 1_000:03}","for":"OF-1"}}}}',
        )
        record = audit_chain.following(tip, entry)
        yield record
        tip = AuditHead(record.sequence, record.hash)


def profiled(setting: Setting) -> Stats:
    with workshop(filled(setting)) as made, made.store.reading() as snapshot:
        return stats_of(
            lambda: [snapshot.audit_page(query, limit=SIZE) for query in LISTS.values()]
        )


ROW = Row(
    name="audit_page",
    about="a page of fifty among 100,000 records of the audit, beside fifty by number",
    measure=measure,
    profiled=profiled,
)
