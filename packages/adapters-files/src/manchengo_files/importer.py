"""A file goes in: row by row through the dairy's own rules, chunk by chunk into the log.

Nothing here knows a terminal, a path or a database. The rows that the rules refuse are handed
back; the others stand. A chunk is one transaction, so an import that is cut short leaves whole
chunks, and the same file again goes on where it stopped, because rows that came in are recognised.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Generic, TypeVar

from attrs import define, evolve, field, frozen

from manchengo import Actor, Manchengo
from manchengo.application.coded_rows import CODED_ROWS
from manchengo.application.dairy import Batch
from manchengo.application.doubts import Doubt, doubts
from manchengo.application.permissions import permit
from manchengo.application.reading import permit_reading
from manchengo.commands import FinishImport, StartImport
from manchengo.domain.access import NotPermitted
from manchengo.domain.errors import AlreadyExists, Refused
from manchengo.domain.ids import CommitId, ImportId
from manchengo.ports.ids import Ids
from manchengo_files.checks import Checks
from manchengo_files.codes import Codes
from manchengo_files.error_file import Fault
from manchengo_files.fault_location import culprits, rule_of
from manchengo_files.identity import Memory, meaning
from manchengo_files.kinds import Kind
from manchengo_files.kinds.line import Line
from manchengo_files.kinds.update import BY_UPDATE, Change
from manchengo_files.reading import Reader, ReadRow
from manchengo_files.row_commands import NOTHING_ASKED, Asked, asked
from manchengo_files.rows import SourceRow
from manchengo_presenters.language import _
from manchengo_presenters.refusals import sentence

L = TypeVar("L", bound=Line)
T = TypeVar("T")
Entry = list[ReadRow[L]]
Chunk = list[Entry[L]]

CHUNK = 500
"""Rows that go in together, at least: enough to share the cost of a commit to disk."""


@frozen(kw_only=True)
class Source:
    """What an import remembers of its file. ``digest``: SHA-256, in hexadecimal."""

    file_name: str
    digest: str
    on: date


@define
class Outcome:
    """Counted in rows. ``import_id``: None where nothing went in, or nothing stays. ``changed``: of
    those accepted, the ones that changed what was recorded before.
    """

    import_id: ImportId | None = None
    accepted: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0

    @property
    def rows(self) -> int:
        """How many were looked at."""
        return self.accepted + self.unchanged + self.refused


def permit_to_compare(kind: Kind[Any], actor: Actor) -> None:
    """``NotPermitted`` where the person may not read what the rows of a register are compared with:
    that a row is unchanged says what is recorded.
    """
    for table in CODED_ROWS.get(kind.registers, ()):
        permit_reading(actor, table)


@define(kw_only=True)
class Importer(Generic[L]):
    """One import of one file.

    ``update``: what is recorded under the code of a row becomes what the row tells; its reader
    reads a kind ``for_update``. ``atomic``: every row is good, or nothing goes in. ``keep=False``:
    everything is done, and nothing stays. ``hand_back`` is given each refused row with its faults,
    in the order of the file; ``warn``, each row that goes in and is unlikely; ``tell``, the first
    row of each change; ``progress``, how many rows are done with.
    """

    dairy: Manchengo
    reader: Reader[L]
    source: Source
    ids: Ids
    actor: Actor
    update: bool = False
    atomic: bool = False
    keep: bool = True
    hand_back: Callable[[SourceRow, Sequence[Fault]], None]
    warn: Callable[[SourceRow, Doubt], None] = field(default=lambda _row, _doubt: None)
    tell: Callable[[SourceRow, Change], None] = field(default=lambda _row, _change: None)
    progress: Callable[[int], None] = field(default=lambda _done: None)
    outcome: Outcome = field(init=False, factory=Outcome)
    _codes: Codes = field(init=False, factory=Codes)
    _checks: Checks[L] = field(init=False)
    _import_id: ImportId = field(init=False)

    @_import_id.default
    def _new_import(self) -> ImportId:
        return ImportId(self.ids.new())

    @_checks.default
    def _of_this_file(self) -> Checks[L]:
        return Checks(self.reader, self._codes)

    @property
    def kind(self) -> Kind[L]:
        return self.reader.kind

    @property
    def start(self) -> StartImport:
        return StartImport(
            import_id=self._import_id,
            kind=self.kind.kind,
            file_name=self.source.file_name,
            digest=self.source.digest,
            on=self.source.on,
        )

    def run(self) -> Outcome:
        """Take the whole file. ``NotPermitted``, or whatever stops the store, ends it."""
        permit(self.actor, self.start)
        permit_to_compare(self.kind, self.actor)
        chunks = _with_last(_chunks(self.reader.entries()))
        if self.atomic or not self.keep:
            self._take_in_one(chunks)
        else:
            for chunk, is_last in chunks:
                with self.dairy.batch(import_id=self._import_id) as batch:
                    took = self._take(batch, chunk, self.outcome, is_last=is_last)
                self.outcome = took
                self.progress(took.rows)
        return self.outcome

    def _take_in_one(self, chunks: Iterable[tuple[Chunk[L], bool]]) -> None:
        """One transaction, of which nothing stays where something keeps it from staying."""
        took = self.outcome
        try:
            with self.dairy.batch(import_id=self._import_id, keep=self.keep) as batch:
                for chunk, is_last in chunks:
                    took = self._take(batch, chunk, took, is_last=is_last)
                    self.progress(took.rows)
                if self.atomic and took.refused:
                    raise _NotWhole
        except _NotWhole:
            took = evolve(took, accepted=0, changed=0)
        self.outcome = evolve(
            took, import_id=took.import_id if took.accepted and self.keep else None
        )

    def _take(self, batch: Batch, chunk: Chunk[L], so_far: Outcome, *, is_last: bool) -> Outcome:
        """The outcome once these entries are taken; the import is closed with the last of them."""
        self._codes.snapshot = batch.transaction
        memory = Memory.of(batch.transaction, self.actor.device_id, self.kind.kind)
        said = [_meaning(self.kind, entry) for entry in chunk]
        memory.look_up([each for each in said if each])
        took = evolve(so_far)
        for entry, meant in zip(chunk, said, strict=True):
            self._take_entry(batch, memory, entry, meant, took)
        if is_last and took.accepted:
            finish = FinishImport(
                import_id=self._import_id,
                accepted=took.accepted,
                unchanged=took.unchanged,
                refused=took.refused,
            )
            batch.execute(finish, command_id=CommitId(self.ids.new()))
        return took

    def _take_entry(
        self, batch: Batch, memory: Memory, entry: Entry[L], meant: str | None, took: Outcome
    ) -> None:
        new_id = memory.new_id(meant) if meant else None
        if meant and new_id is None and not self.update:
            took.unchanged += len(entry)
            return
        faults = self._checks.faults(entry)
        done = NOTHING_ASKED
        if not any(faults):
            done, faults = self._execute(batch, entry, new_id)
        if any(faults):
            took.refused += len(entry)
            for row, its_own in zip(entry, faults, strict=True):
                self.hand_back(row.source, its_own or [self._checks.with_the_others(row)])
        elif done.command is None:
            took.unchanged += len(entry)
        else:
            self._came_in(batch, memory, entry, done, took)

    def _came_in(
        self, batch: Batch, memory: Memory, entry: Entry[L], done: Asked, took: Outcome
    ) -> None:
        assert done.command_id, "what was carried out has an id"
        if done.change:
            took.changed += len(entry)
            self.tell(entry[0].source, done.change)
        else:
            memory.came_in(done.command_id)
            for row in entry if self.kind.registers else ():
                self._codes.came_in(self.kind.registers, getattr(row.line, "code", ""))
        if not took.accepted:  # an import by which nothing comes in leaves no trace
            batch.execute(self.start, command_id=CommitId(self.ids.new()))
            took.import_id = self._import_id
        took.accepted += len(entry)

    def _execute(
        self, batch: Batch, entry: Entry[L], new_id: CommitId | None
    ) -> tuple[Asked, list[list[Fault]]]:
        """Have the dairy decide; the faults of each row, none where it went in."""
        lines = self.kind.lines_of([row.line for row in entry if row.line])
        faults: list[list[Fault]] = [[] for _row in entry]
        done = NOTHING_ASKED
        try:
            done = asked(
                self.kind,
                lines,
                self._codes,
                self.ids,
                new_id=new_id,
                changing_on=self.source.on if self.update else None,
            )
            for each in done.objections:
                for row, its_own in zip(entry, faults, strict=True):
                    its_own.append(self.reader.fault(row, each.field, each.rule, each.message))
            if done.command and done.command_id:
                batch.execute(done.command, command_id=done.command_id)
                for doubt in doubts(batch.transaction, done.command, today=self.source.on):
                    self.warn(entry[0].source, doubt)
        except NotPermitted:
            raise
        except Refused as refusal:
            for at, name in culprits(self.kind, refusal, lines, self._codes):
                told = self.reader.fault(entry[at], name, rule_of(refusal), self._said(refusal))
                faults[at].append(told)
            assert any(faults), "a refusal is about some line"
        return done, faults

    def _said(self, refusal: Refused) -> str:
        if self.update or self.kind.change is None or not isinstance(refusal, AlreadyExists):
            return sentence(refusal)
        return f"{sentence(refusal)} " + _(BY_UPDATE)


class _NotWhole(Exception):
    """Leaves the transaction of an atomic import of which some row is refused."""


def _meaning(kind: Kind[L], entry: Entry[L]) -> str | None:
    """What the entry says; None where a row of it cannot be read."""
    lines = [row.line for row in entry if row.line]
    return meaning(kind.kind, kind.lines_of(lines)) if len(lines) == len(entry) else None


def _chunks(entries: Iterable[Entry[L]]) -> Iterator[Chunk[L]]:
    chunk: list[Entry[L]] = []
    rows = 0
    for entry in entries:
        chunk.append(entry)
        rows += len(entry)
        if rows >= CHUNK:
            yield chunk
            chunk, rows = [], 0
    if chunk:
        yield chunk


def _with_last(chunks: Iterable[T]) -> Iterator[tuple[T, bool]]:
    """Each, and whether it is the last."""
    waiting = iter(chunks)
    for held in waiting:
        for following in waiting:
            yield held, False
            held = following
        yield held, True
