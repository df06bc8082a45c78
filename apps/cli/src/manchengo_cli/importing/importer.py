"""A file goes in: row by row through the dairy's own rules, chunk by chunk into the log.

Nothing here knows a terminal, a path or a database. The rows that the rules refuse are handed
back; the others stand. A chunk is one transaction, so an import that is cut short leaves whole
chunks, and the same file again goes on where it stopped, because rows that came in are recognised.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Generic, TypeVar

from attrs import define, evolve, field, frozen

from manchengo import Actor, Manchengo
from manchengo.application.committing import permit
from manchengo.application.dairy import Batch
from manchengo.commands import FinishImport, StartImport
from manchengo.domain.access import NotPermitted
from manchengo.domain.errors import Refused, Unknown
from manchengo.domain.ids import CommitId, ImportId
from manchengo.domain.values import Unit
from manchengo.ports.ids import Ids
from manchengo_cli.importing import parsing
from manchengo_cli.importing.blame import culprits, rule_of
from manchengo_cli.importing.codes import Codes
from manchengo_cli.importing.error_file import Fault
from manchengo_cli.importing.identity import Memory, meaning
from manchengo_cli.importing.kinds import Kind
from manchengo_cli.importing.kinds.line import Line, heading_of
from manchengo_cli.importing.reading import Reader, ReadRow
from manchengo_cli.importing.rows import SourceRow
from manchengo_presenters.language import _
from manchengo_presenters.refusals import sentence

L = TypeVar("L", bound=Line)
T = TypeVar("T")
Entry = list[ReadRow[L]]
Chunk = list[Entry[L]]

CHUNK = 500
"""Rows that go in together, at least: enough to share the cost of a commit to disk."""

DIFFERS, WITH_THE_OTHERS = "differs_in_group", "with_the_others"
OTHER_UNIT = "other_unit_than_the_column"
SPELT_OTHERWISE, BARCODE_TAKEN = "spelt_otherwise", "barcode_taken"
PART_OF_A_PIECE = "part_of_a_piece"
COUNTED = frozenset({Unit.PIECE, Unit.CARTON})
"""The rules that are neither a cell's nor the dairy's."""


@frozen(kw_only=True)
class Source:
    """What an import remembers of its file. ``digest``: SHA-256, in hexadecimal."""

    file_name: str
    digest: str
    on: date


@define
class Outcome:
    """Counted in rows. ``import_id``: None where nothing went in, or nothing stays."""

    import_id: ImportId | None = None
    accepted: int = 0
    unchanged: int = 0
    refused: int = 0

    @property
    def rows(self) -> int:
        """How many were looked at."""
        return self.accepted + self.unchanged + self.refused


@define(kw_only=True)
class Importer(Generic[L]):
    """One import of one file.

    ``atomic``: every row is good, or nothing goes in. ``keep=False``: everything is done, and
    nothing stays. ``hand_back`` is given each refused row with its faults, in the order of the
    file; ``progress``, how many rows are done with.
    """

    dairy: Manchengo
    reader: Reader[L]
    source: Source
    ids: Ids
    actor: Actor
    atomic: bool = False
    keep: bool = True
    hand_back: Callable[[SourceRow, Sequence[Fault]], None]
    progress: Callable[[int], None] = field(default=lambda _done: None)
    outcome: Outcome = field(init=False, factory=Outcome)
    _codes: Codes = field(init=False, factory=Codes)
    _import_id: ImportId = field(init=False)

    @_import_id.default
    def _new_import(self) -> ImportId:
        return ImportId(self.ids.new())

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
            took = evolve(took, accepted=0)
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
        if meant and new_id is None:
            took.unchanged += len(entry)
            return
        faults = self._faults(entry)
        if new_id and not any(faults):
            faults = self._execute(batch, entry, new_id)
        if any(faults):
            took.refused += len(entry)
            for row, its_own in zip(entry, faults, strict=True):
                self.hand_back(row.source, its_own or [self._with_the_others(row)])
            return
        assert new_id, "only an entry without a fault has gone in"
        memory.came_in(new_id)
        for row in entry if self.kind.registers else ():
            code, barcode = getattr(row.line, "code", ""), getattr(row.line, "gtin", None)
            self._codes.came_in(self.kind.registers, code, barcode or "")
        if not took.accepted:  # an import by which nothing comes in leaves no trace
            batch.execute(self.start, command_id=CommitId(self.ids.new()))
            took.import_id = self._import_id
        took.accepted += len(entry)

    def _execute(self, batch: Batch, entry: Entry[L], command_id: CommitId) -> list[list[Fault]]:
        """Have the dairy decide; the faults of each row, none where it went in."""
        lines = [row.line for row in entry if row.line]
        faults: list[list[Fault]] = [[] for _ in entry]
        try:
            command = self.kind.command(lines, self._codes, self.ids)
            batch.execute(command, command_id=command_id)
        except NotPermitted:
            raise
        except Refused as refusal:
            for at, name in culprits(self.kind, refusal, lines, self._codes):
                told = self.reader.fault(entry[at], name, rule_of(refusal), sentence(refusal))
                faults[at].append(told)
            assert any(faults), "a refusal is about some line"
        return faults

    # What is wrong before anything is asked of the dairy.

    def _faults(self, entry: Entry[L]) -> list[list[Fault]]:
        """For each row: cells that cannot be read, disagreements, and codes of nothing."""
        first = next((row.line for row in entry if row.line), None)
        return [
            self.reader.in_order(
                [
                    *row.faults,
                    *self._disagreements(row, first),
                    *self._unknown_codes(row),
                    *self._other_units(row),
                    *self._parts_of_pieces(row),
                    *self._taken(row),
                ]
            )
            for row in entry
        ]

    def _disagreements(self, row: ReadRow[L], first: L | None) -> Iterator[Fault]:
        if row.line is None or first is None:
            return
        for name in (*self.kind.group, *self.kind.agree):
            if getattr(row.line, name) != getattr(first, name):
                message = _("The rows that go together must say the same here.")
                yield self.reader.fault(row, name, DIFFERS, message)

    def _unknown_codes(self, row: ReadRow[L]) -> Iterator[Fault]:
        """Of a row that cannot be read whole too, so that its first fault is really the first."""
        for name, thing in self.kind.references.items():
            code = getattr(row.line, name) if row.line else self._code(row, name)
            if code is None or self._codes.find(thing, code) is not None:
                continue
            unknown = Unknown(kind=thing, reference=code)
            spelling = self._codes.other_spelling(thing, code)
            if spelling is None:
                yield self.reader.fault(row, name, rule_of(unknown), sentence(unknown))
            else:
                yield self._spelt_otherwise(row, name, spelling)

    def _spelt_otherwise(self, row: ReadRow[L], name: str, spelling: str) -> Fault:
        message = _("It is recorded as “{code}”: write it so.").format(code=spelling)
        return self.reader.fault(row, name, SPELT_OTHERWISE, message)

    def _taken(self, row: ReadRow[L]) -> Iterator[Fault]:
        """Of a line that enters a register: a code that differs in case or spaces only from one
        that is there, and the barcode of another product.
        """
        if row.line is None or not self.kind.registers:
            return
        code = getattr(row.line, "code")  # noqa: B009 - the lines that enter a register have one
        spelling = self._codes.other_spelling(self.kind.registers, code)
        if spelling:
            yield self._spelt_otherwise(row, "code", spelling)
        barcode = getattr(row.line, "gtin", None)
        bearer = self._codes.bearer_of(barcode) if barcode else None
        if bearer not in (None, code):
            message = _("The product {code} has this barcode already.").format(code=bearer)
            yield self.reader.fault(row, "gtin", BARCODE_TAKEN, message)

    def _parts_of_pieces(self, row: ReadRow[L]) -> Iterator[Fault]:
        for name in self.kind.whole if row.line else ():
            product = self._codes.find("product", getattr(row.line, self.kind.measured_in[name]))
            unit = getattr(row.line, "unit", None) or getattr(product, "unit", None)
            if unit in COUNTED and getattr(row.line, name) % 1_000:
                message = _("Pieces and cartons are whole: write a number without decimals.")
                yield self.reader.fault(row, name, PART_OF_A_PIECE, message)

    def _other_units(self, row: ReadRow[L]) -> Iterator[Fault]:
        """Of a header that says another unit than the one in which the row's product is kept."""
        for name, reference in self.kind.measured_in.items():
            units = self.reader.units_said(row, name)
            code = self._code(row, reference) if units else None
            product = self._codes.find("product", code) if code else None
            if product is None:
                continue
            kept_in = getattr(row.line, "unit", None) or self._codes.product(code or "").unit
            other = [said for said in units if said != kept_in]
            if other:
                message = _("This is in {said}, and {product} is in {kept_in} here.").format(
                    said=other[0], product=code, kept_in=kept_in
                )
                yield self.reader.fault(row, name, OTHER_UNIT, message)

    def _code(self, row: ReadRow[L], name: str) -> str | None:
        try:
            return parsing.code(row.cells.get(heading_of(self.kind.line, name), ""))
        except parsing.Unreadable:  # told already
            return None

    def _with_the_others(self, row: ReadRow[L]) -> Fault:
        message = _("Another row that goes with this one is refused: they go in together.")
        return self.reader.fault(row, self.kind.group[0], WITH_THE_OTHERS, message)


class _NotWhole(Exception):
    """Leaves the transaction of an atomic import of which some row is refused."""


def _meaning(kind: Kind[L], entry: Entry[L]) -> str | None:
    """What the entry says; None where a row of it cannot be read."""
    lines = [row.line for row in entry if row.line]
    return meaning(kind.kind, lines) if len(lines) == len(entry) else None


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
