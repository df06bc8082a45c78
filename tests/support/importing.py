"""A harness at which files are imported, and what came of them as an office would write it."""

import csv
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from attrs import define, field, frozen

from manchengo import Actor, Commit, Manchengo, Role
from manchengo.application.genealogy import TraceNode
from manchengo.commands import UndoImport
from manchengo.domain.ids import DeviceId, ImportId, UserId
from manchengo.domain.import_batch import ImportKind
from manchengo.memory import CountingIds, MemoryStore, SteppingClock
from manchengo.ports.ids import Ids
from manchengo.ports.rows import ImportRow, RawLotRow, Row
from manchengo.ports.store import Store
from manchengo_files.conventions import Declared
from manchengo_files.error_file import ErrorFile, Fault
from manchengo_files.headers import KnownHeadings, match_header
from manchengo_files.importer import Importer, Outcome, Source
from manchengo_files.inspection import digest_of
from manchengo_files.kinds import KINDS
from manchengo_files.kinds.line import fields_of
from manchengo_files.kinds.update import Change
from manchengo_files.reading import Reader
from manchengo_files.rows import SourceRow
from manchengo_files.sheets import open_sheet
from manchengo_presenters.formatting import quantity

R = TypeVar("R", bound=Row)

SAMPLE = Path(__file__).parents[1] / "data" / "atelier"
WHOLE_YEAR = Path(__file__).parents[3] / "shared" / "data" / "atelier"
"""Beside the repository, where it is present at all."""

IN_ORDER = {
    "suppliers": "fournisseurs",
    "clients": "clients",
    "products": "produits",
    "recipes": "recettes",
    "lots": "lots_mp",
    "production": "production",
    "sales": "commandes",
    "deliveries": "livraisons",
}

SUPPLIERS = "code;nom\nF1;Ferme Aït Ali\nF2;Ferme Ziani\n"
PRODUCTS = """\
code;type;designation;unite;duree_conservation_jours;prix_ht;tva
LAIT;MP;Lait;L;4;62;0
SEL;MP;Sel;kg;;38;19
TOMME;PF;Tomme;kg;60;1200;19
BRIE;PF;Brie;piece;20;420;9
"""
RECIPES = "produit;pour_quantite;ingredient;quantite\nTOMME;10;LAIT;100\nTOMME;10;SEL;0,2\n"


def an_actor(*roles: Role, device: int = 2) -> Actor:
    return Actor(
        user_id=UserId(UUID(int=1)),
        device_id=DeviceId(UUID(int=device)),
        roles=frozenset(roles or (Role.ADMIN,)),
    )


@frozen
class Refusal:
    """The first fault of a refused row, and all of them."""

    row: int
    column: str
    value: str
    rule: str
    message: str
    faults: Sequence[Fault]


@frozen
class Took:
    """``changes``: row, code, and the fields of the line that differ."""

    outcome: Outcome
    refusals: list[Refusal]
    changes: list[tuple[int, str, tuple[str, ...]]]

    @property
    def counts(self) -> tuple[int, int, int]:
        """Accepted, unchanged, refused."""
        return self.outcome.accepted, self.outcome.unchanged, self.outcome.refused

    @property
    def new_and_changed(self) -> tuple[int, int]:
        return self.outcome.accepted - self.outcome.changed, self.outcome.changed

    @property
    def at_fault(self) -> list[tuple[int, str, str]]:
        """Row, column and rule of each refused row."""
        return [(each.row, each.column, each.rule) for each in self.refusals]


NOTHING_DECLARED = Declared()


def reader_of(
    kind: str,
    path: Path,
    declared: Declared = NOTHING_DECLARED,
    sheet_name: str | None = None,
    *,
    update: bool = False,
) -> Reader[Any]:
    """What reads a file of that kind, which has every column it needs."""
    chosen = KINDS[ImportKind(kind)]
    chosen = chosen.for_update() if update else chosen
    fields = fields_of(chosen.line)
    sheet = open_sheet(path, KnownHeadings(fields), sheet_name=sheet_name)
    columns = match_header(sheet.header, fields)
    assert not columns.faults, columns.faults
    return Reader(sheet, columns, chosen, declared)


@define(kw_only=True)
class ImportHarness:
    """A dairy, and a folder of files to import into it."""

    folder: Path
    store: Store = field(factory=MemoryStore)
    actor: Actor = field(factory=an_actor)
    ids: Ids = field(factory=CountingIds)
    dairy: Manchengo = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.dairy = Manchengo(self.store, clock=SteppingClock(), ids=self.ids, actor=self.actor)

    def file(self, text: str, name: str = "fichier.csv", encoding: str = "utf-8") -> Path:
        path = self.folder / name
        path.write_bytes(text.encode(encoding))
        return path

    def takes(
        self,
        kind: str,
        file: Path | str,
        *,
        atomic: bool = False,
        keep: bool = True,
        update: bool = False,
        declared: Declared = NOTHING_DECLARED,
    ) -> Took:
        """Import a file, or the text of one."""
        path = self.file(file) if isinstance(file, str) else file
        reader = reader_of(kind, path, declared, update=update)
        refusals: list[Refusal] = []
        changes: list[tuple[int, str, tuple[str, ...]]] = []

        def hand_back(row: SourceRow, faults: Sequence[Fault]) -> None:
            first = faults[0]
            refusals.append(
                Refusal(row.number, first.column, first.value, first.rule, first.message, faults)
            )

        def report_change(row: SourceRow, change: Change) -> None:
            fields = tuple(each.field for each in change.differences)
            changes.append((row.number, change.code, fields))

        importer = self._importer(reader, path, hand_back, atomic=atomic, keep=keep)
        importer.update, importer.report_change = update, report_change
        return Took(importer.run(), refusals, changes)

    def error_file_of(self, kind: str, path: Path) -> Path:
        """Import a file of which some row is refused, and the file that hands it back."""
        reader = reader_of(kind, path)
        with ErrorFile(path, reader.sheet.header, written_as=reader.written_as) as errors:
            self._importer(reader, path, errors.add).run()
        assert errors.path is not None, "some row is refused"
        return errors.path

    def _importer(
        self,
        reader: Reader[Any],
        path: Path,
        hand_back: Callable[[SourceRow, Sequence[Fault]], None],
        *,
        atomic: bool = False,
        keep: bool = True,
    ) -> Importer[Any]:
        return Importer(
            dairy=self.dairy,
            reader=reader,
            source=Source(file_name=path.name, digest=digest_of(path), on=date(2026, 1, 5)),
            ids=self.ids,
            actor=self.actor,
            atomic=atomic,
            keep=keep,
            hand_back=hand_back,
        )

    def took(self, kind: str, file: Path | str) -> Took:
        """Import what must go in whole."""
        took = self.takes(kind, file)
        assert not took.refusals, took.refusals[0]
        return took

    def updates(self, kind: str, file: Path | str, *, keep: bool = True) -> Took:
        """Import a file that changes what is recorded."""
        return self.takes(kind, file, keep=keep, update=True)

    def undo(self, import_id: ImportId | None) -> None:
        assert import_id is not None, "something was imported"
        self.dairy.execute(UndoImport(import_id=import_id, reason="mauvais fichier"))

    # What is recorded.

    def head(self) -> int:
        with self.store.reading() as snapshot:
            return snapshot.head()

    def commits(self) -> list[Commit]:
        with self.store.reading() as snapshot:
            return list(snapshot.commits())

    def one(self, kind: type[R], code: str = "") -> R:
        """The row of that code, or the only one there is."""
        with self.store.reading() as snapshot:
            (row,) = snapshot.rows(kind, code=code) if code else snapshot.rows(kind)
        return row

    def imports(self) -> list[ImportRow]:
        with self.store.reading() as snapshot:
            return list(snapshot.rows(ImportRow))

    def lots(self) -> list[str]:
        with self.store.reading() as snapshot:
            return sorted(row.code for row in snapshot.rows(RawLotRow))


# ------------------------------------------------------- an office's folder, and what it comes to


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def expected(folder: Path, name: str) -> list[tuple[str, ...]]:
    return [tuple(row.values()) for row in rows(folder, f"attendu_{name}")]


def judged_on(folder: Path) -> date:
    """The day on which the expected stock is judged: its column says it."""
    column = next(name for name in rows(folder, "attendu_stock")[0] if "utilisable_au_" in name)
    return date.fromisoformat(column.removeprefix("utilisable_au_"))


def stock_of(dairy: Manchengo, on: date) -> set[tuple[str, ...]]:
    return {
        (
            line.product.code,
            french(line.on_hand.thousandths),
            french(line.usable.thousandths),
            str(line.open_lots),
        )
        for line in dairy.stock.by_product(at=on)
    }


def traces_of(dairy: Manchengo, lots: set[str]) -> list[tuple[str, ...]]:
    """Where these raw materials went, make by make and client by client."""
    return sorted(line for lot in lots for line in _traced(dairy, lot))


def _traced(dairy: Manchengo, lot: str) -> Iterator[tuple[str, ...]]:
    with dairy.store.reading() as snapshot:
        row = next(snapshot.rows(RawLotRow, code=lot))
    for made in dairy.trace(row.id).uses.children:
        yield from _lines_of(lot, made)


def _lines_of(lot: str, made: TraceNode) -> Iterator[tuple[str, ...]]:
    assert made.used is not None, "a lot is joined to what was made from it"
    begins = (lot, made.lot, french(made.used.thousandths))
    if not made.shipments:
        yield (*begins, "", "", "")
    for sent in made.shipments:
        yield (*begins, sent.client, sent.order, french(sent.quantity.thousandths))


def french(thousandths: int) -> str:
    """As the office writes it: ``1250,5``."""
    return quantity(thousandths).replace("\u202f", "")
