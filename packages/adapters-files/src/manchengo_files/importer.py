"""A file goes in: row by row through the dairy's own rules, chunk by chunk into the log.

Nothing here knows a terminal, a path or a database. The rows that the rules refuse are handed
back; the others stand. A chunk is one transaction, so an import that is cut short leaves whole
chunks, and the same file again goes on where it stopped, because rows that came in are recognised.
It goes on as the same import, so that one undoing undoes the whole file.
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
from manchengo_files.identity import ImportedRows, content_key, cut_short
from manchengo_files.kinds import Kind
from manchengo_files.kinds.line import Line
from manchengo_files.kinds.update import BY_UPDATE, Change
from manchengo_files.reading import Reader, ReadRow
from manchengo_files.row_commands import NOTHING_TO_DO, RowCommand, row_command
from manchengo_files.rows import SourceRow
from manchengo_presenters.language import _
from manchengo_presenters.refusal_text import sentence

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
    """Raises ``NotPermitted`` where the person may not read what the rows of a register are
    compared with: that a row is unchanged says what is recorded.
    """
    for table in CODED_ROWS.get(kind.registers, ()):
        permit_reading(actor, table)


@define(kw_only=True)
class Importer(Generic[L]):
    """One import of one file.

    ``update``: the values of a row replace those registered under its code; the reader reads a
    kind ``for_update``. ``by_update``: how a person does that, where a row asks for it.
    ``atomic``: one refused row refuses them all. ``keep=False``: a dry run,
    which is rolled back at the end. Callbacks: ``hand_back`` receives each refused row with its
    faults, in the order of the file; ``warn``, each accepted row that is unlikely;
    ``report_change``, the first row of each change; ``progress``, the number of rows done.
    """

    dairy: Manchengo
    reader: Reader[L]
    source: Source
    ids: Ids
    actor: Actor
    update: bool = False
    by_update: str = BY_UPDATE
    atomic: bool = False
    keep: bool = True
    hand_back: Callable[[SourceRow, Sequence[Fault]], None]
    warn: Callable[[SourceRow, Doubt], None] = field(default=lambda _row, _doubt: None)
    report_change: Callable[[SourceRow, Change], None] = field(default=lambda _row, _change: None)
    progress: Callable[[int], None] = field(default=lambda _done: None)
    outcome: Outcome = field(init=False, factory=Outcome)
    _codes: Codes = field(init=False, factory=Codes)
    _checks: Checks[L] = field(init=False)
    _import_id: ImportId = field(init=False)
    _came_in_before: int | None = field(init=False, default=None)
    """Rows that came in before the import was cut short; None where it is a new one."""

    @_import_id.default
    def _new_import(self) -> ImportId:
        return ImportId(self.ids.new())

    @_checks.default
    def _of_this_file(self) -> Checks[L]:
        return Checks(self.reader, self._codes)

    @property
    def kind(self) -> Kind[L]:
        """What the rows are."""
        return self.reader.kind

    @property
    def start(self) -> StartImport:
        """The command that opens the import."""
        return StartImport(
            import_id=self._import_id,
            kind=self.kind.kind,
            file_name=self.source.file_name,
            digest=self.source.digest,
            on=self.source.on,
        )

    def run(self) -> Outcome:
        """Import the whole file. Raises ``NotPermitted``, and whatever the store raises."""
        permit(self.actor, self.start)
        permit_to_compare(self.kind, self.actor)
        self._go_on()
        chunks = _with_last(_chunks(self.reader.entries()))
        if self.atomic or not self.keep:
            self._import_in_one(chunks)
        else:
            for chunk, is_last in chunks:
                with self.dairy.batch(import_id=self._import_id) as batch:
                    outcome = self._import_chunk(batch, chunk, self.outcome, is_last=is_last)
                self.outcome = outcome
                self.progress(outcome.rows)
        return self.outcome

    def _go_on(self) -> None:
        """As the import that was cut short, if there is one. An update is not: what it changed
        before it was cut short cannot be told from what was so anyway.
        """
        if self.update:
            return
        with self.dairy.reading() as snapshot:
            device, kind = self.actor.device_id, self.kind.kind
            found = cut_short(snapshot, device, kind, self.source.digest)
        if found is not None:
            self._import_id, self._came_in_before = found, 0
            self.outcome.import_id = found

    def _import_in_one(self, chunks: Iterable[tuple[Chunk[L], bool]]) -> None:
        """One transaction, of which nothing stays where something keeps it from staying."""
        outcome = self.outcome
        try:
            with self.dairy.batch(import_id=self._import_id, keep=self.keep) as batch:
                for chunk, is_last in chunks:
                    outcome = self._import_chunk(batch, chunk, outcome, is_last=is_last)
                    self.progress(outcome.rows)
                if self.atomic and outcome.refused:
                    raise _NotWhole
        except _NotWhole:
            outcome = evolve(outcome, accepted=0, changed=0)
        self.outcome = evolve(
            outcome, import_id=outcome.import_id if outcome.accepted and self.keep else None
        )

    def _import_chunk(
        self, batch: Batch, chunk: Chunk[L], so_far: Outcome, *, is_last: bool
    ) -> Outcome:
        """The outcome after these entries; the import is closed with the last of them."""
        self._codes.snapshot = batch.transaction
        imported = ImportedRows.of(batch.transaction, self.actor.device_id, self.kind.kind)
        contents = [_content_key(self.kind, entry) for entry in chunk]
        imported.look_up([each for each in contents if each])
        outcome = evolve(so_far)
        for entry, content in zip(chunk, contents, strict=True):
            self._import_entry(batch, imported, entry, content, outcome)
        if is_last and outcome.import_id:
            before = self._came_in_before or 0
            finish = FinishImport(
                import_id=self._import_id,
                accepted=outcome.accepted + before,
                unchanged=outcome.unchanged - before,
                refused=outcome.refused,
            )
            batch.execute(finish, command_id=CommitId(self.ids.new()))
        return outcome

    def _import_entry(
        self,
        batch: Batch,
        imported: ImportedRows,
        entry: Entry[L],
        content: str | None,
        outcome: Outcome,
    ) -> None:
        new_id = imported.new_id(content) if content else None
        if content and new_id is None and not self.update:
            outcome.unchanged += len(entry)
            if self._came_in_before is not None and imported.is_of(self._import_id, content):
                self._came_in_before += len(entry)
            return
        faults = self._checks.faults(entry)
        done = NOTHING_TO_DO
        if not any(faults):
            done, faults = self._execute(batch, entry, new_id)
        if any(faults):
            outcome.refused += len(entry)
            for row, its_own in zip(entry, faults, strict=True):
                self.hand_back(row.source, its_own or [self._checks.with_the_others(row)])
        elif done.command is None:
            outcome.unchanged += len(entry)
        else:
            self._came_in(batch, imported, entry, done, outcome)

    def _came_in(
        self,
        batch: Batch,
        imported: ImportedRows,
        entry: Entry[L],
        done: RowCommand,
        outcome: Outcome,
    ) -> None:
        assert done.command_id, "what was carried out has an id"
        if done.change:
            outcome.changed += len(entry)
            self.report_change(entry[0].source, done.change)
        else:
            imported.came_in(done.command_id)
            for row in entry if self.kind.registers else ():
                self._codes.came_in(self.kind.registers, getattr(row.line, "code", ""))
        if not outcome.import_id:  # an import by which nothing comes in leaves no trace
            batch.execute(self.start, command_id=CommitId(self.ids.new()))
            outcome.import_id = self._import_id
        outcome.accepted += len(entry)

    def _execute(
        self, batch: Batch, entry: Entry[L], new_id: CommitId | None
    ) -> tuple[RowCommand, list[list[Fault]]]:
        """Have the dairy decide; the faults of each row, none where it went in."""
        lines = self.kind.lines_of([row.line for row in entry if row.line])
        faults: list[list[Fault]] = [[] for _row in entry]
        done = NOTHING_TO_DO
        try:
            done = row_command(
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
                fault = self.reader.fault(entry[at], name, rule_of(refusal), self._message(refusal))
                faults[at].append(fault)
            assert any(faults), "a refusal is about some line"
        return done, faults

    def _message(self, refusal: Refused) -> str:
        if self.update or self.kind.change is None or not isinstance(refusal, AlreadyExists):
            return sentence(refusal)
        return f"{sentence(refusal)} " + _(self.by_update)


class _NotWhole(Exception):
    """Leaves the transaction of an atomic import of which some row is refused."""


def _content_key(kind: Kind[L], entry: Entry[L]) -> str | None:
    """The key of the entry's content; None where a row of it cannot be read."""
    lines = [row.line for row in entry if row.line]
    return content_key(kind.kind, kind.lines_of(lines)) if len(lines) == len(entry) else None


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
