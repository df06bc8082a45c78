"""A log checked for its signatures, from its beginning on: the core's ``SignatureCheck``."""

from bisect import bisect_right
from itertools import islice
from uuid import UUID

from attrs import define, evolve, field

from manchengo.application.enrolments import is_as_seen
from manchengo.application.replication.author_check import must_be_its_authors
from manchengo.application.replication.content_errors import FROM_THE_CONTENT
from manchengo.application.replication.device_log import apply
from manchengo.application.replication.effects_check import ForgedEntry
from manchengo.application.unit_of_work import StateCache
from manchengo.application.views.rebuild import BrokenHistory
from manchengo.commands import COMMANDS, RequireSigning
from manchengo.domain.aggregates import DEVICE, PLANT, USER
from manchengo.domain.commit import Commit, LogEntry
from manchengo.domain.ids import CommitId
from manchengo.domain.plant import PLANT_ID as PLANT_STREAM
from manchengo.memory import MemoryStore
from manchengo.ports.rows import DeviceRow, UserRow
from manchengo.ports.settings import PLANT_ID
from manchengo.ports.signature_check import NOTHING_CHECKED, Checked, Unsigned
from manchengo.ports.store import Snapshot
from manchengo_sync.author_signatures import NOT_BY_ITS_AUTHOR, count_signed_by_authors
from manchengo_sync.log_proofs import Authors, Fault, Runs, look_at
from manchengo_sync.possession import KEY_NOT_PROVED
from manchengo_sync.signature_runs import is_true
from manchengo_sync.signing import is_signed

AT_ONCE = 1_000

REQUIRES_SIGNING = next(name for name, schema in COMMANDS.items() if schema.type is RequireSigning)

ABOUT_RIGHTS = {USER.name, DEVICE.name, PLANT.name}
"""What says who may record in whose name."""


@define
class RightsSoFar:
    """People, devices and the plant as the log has them at a place, from the entries before it:
    a small log of those alone, whose places follow one another. ``_places``: those that they have
    in the whole log.
    """

    _snapshot: Snapshot
    _store: MemoryStore = field(factory=MemoryStore)
    _states: StateCache = field(factory=StateCache)
    _places: list[int] = field(factory=list)

    @classmethod
    def begun(cls, snapshot: Snapshot) -> "RightsSoFar":
        """Of the plant whose log the snapshot has, before its first entry."""
        rights = cls(snapshot)
        plant_id = snapshot.setting(PLANT_ID)
        if plant_id:
            with rights._store.writing() as transaction:
                transaction.set_setting(PLANT_ID, plant_id)
        return rights

    def allow(self, entry: LogEntry) -> bool:
        """Whether it was its author's to do, as ``must_be_its_authors`` has it."""
        try:
            must_be_its_authors(self._store, entry, self._states)
        except ForgedEntry:
            return False
        return True

    def note(self, entry: LogEntry) -> None:
        """Know of what it changed. Raises ``BrokenHistory`` where that makes no sense."""
        changed = tuple(event for event in entry.effects if event.aggregate_type in ABOUT_RIGHTS)
        if not changed:
            return
        try:
            commit = self._as_seen_here(entry.commit)
            with self._store.writing() as transaction:
                place = transaction.cursor() + 1
                here = evolve(entry, global_seq=place, effective=changed, commit=commit)
                apply(transaction, here, self._states)
        except FROM_THE_CONTENT as error:
            raise BrokenHistory(entry.commit.id) from error
        self._places.append(entry.global_seq)

    def _as_seen_here(self, commit: Commit) -> Commit:
        """The commit by which all must sign, with what its author had seen as a place of the small
        log; where the whole log is another one there, under a hash that this one does not have.
        """
        part = commit.authorship
        if commit.command_type != REQUIRES_SIGNING or part is None:
            return commit
        seen = part.seen
        place = bisect_right(self._places, seen.global_seq)
        if is_as_seen(self._snapshot, seen) and place:
            with self._store.reading() as small:
                seen = evolve(seen, log_hash=next(small.entries(after=place - 1, limit=1)).hash)
        return evolve(commit, authorship=evolve(part, seen=evolve(seen, global_seq=place)))


class SignedLog:
    """Flat in memory, but for people and devices."""

    def is_signed(self, public_key: str, signature: bytes, message: bytes) -> bool:
        """As ``SignatureCheck``."""
        return is_signed(public_key, signature, message)

    def first_unsigned(
        self, snapshot: Snapshot, *, behind: Checked = NOTHING_CHECKED
    ) -> Unsigned | None:
        """As ``SignatureCheck``. Raises ``BrokenHistory`` where what happened to a person or a
        device makes no sense.
        """
        found = _first_wrong(snapshot, behind)
        if found is None:
            waiting = _first_that_waits(snapshot, behind.waiting)
            return None if waiting is None else Unsigned(waiting, fault="author")
        is_its_author = found.why in (NOT_BY_ITS_AUTHOR, KEY_NOT_PROVED)
        return Unsigned(found.entry.commit, fault="author" if is_its_author else "signature")


def _first_wrong(snapshot: Snapshot, behind: Checked) -> Fault | None:
    authors, rights = Authors(), RightsSoFar.begun(snapshot)
    for entry in _about_rights(snapshot, until=behind.cursor):
        if not is_true(entry.commit):
            return Fault(entry=entry, why="it is not what its hash says")
        rights.note(entry)
        authors.note(entry)
    authors.begin_behind(behind)
    runs = Runs(authors)
    found: list[Fault] = []
    for number, entry in enumerate(snapshot.entries(after=behind.cursor), start=1):
        found += look_at(runs, entry)
        if not rights.allow(entry):
            found.append(Fault(entry=entry, why=NOT_BY_ITS_AUTHOR))
        if found:
            break
        rights.note(entry)
        if number % AT_ONCE == 0:
            runs.settle()
    found += runs.settle()
    return min(found, key=lambda fault: fault.place, default=None)


def _about_rights(snapshot: Snapshot, *, until: int) -> list[LogEntry]:
    """The entries up to that one by which something happened to a person, a device or the plant, in
    their order: few, and found by the streams of those that the tables name.
    """
    if not until:
        return []
    people = (row.id for row in snapshot.rows(UserRow))
    devices = (row.id for row in snapshot.rows(DeviceRow))
    whose: list[UUID] = [PLANT_STREAM, *people, *devices]
    commits = {entry.commit_id for each in whose for entry in snapshot.stream(each)}
    entries = (snapshot.entry(commit_id) for commit_id in commits)
    found = [entry for entry in entries if entry is not None and entry.global_seq <= until]
    return sorted(found, key=lambda entry: entry.global_seq)


def _first_that_waits(snapshot: Snapshot, after: CommitId | None) -> Commit | None:
    """The first commit outside the log behind that one, if any, that is not its author's: by runs,
    as in the log, a thousand at once.
    """
    waiting = (each.commit for each in snapshot.pending(after=after))
    while portion := list(islice(waiting, AT_ONCE)):
        signed = count_signed_by_authors(portion)
        if signed < len(portion):
            return portion[signed]
    return None
