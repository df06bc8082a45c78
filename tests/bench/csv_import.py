"""A file of receptions goes in: read, checked, evented and projected, beside a trusting script."""

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from pstats import Stats

from manchengo import Money, Quantity, Unit
from manchengo.commands import ReceiveLot
from manchengo.domain.ids import LotId
from manchengo.domain.import_batch import ImportKind
from manchengo_files.error_file import Fault
from manchengo_files.headers import match_header
from manchengo_files.importer import Importer, Source
from manchengo_files.kinds import KINDS
from manchengo_files.kinds.line import fields_of
from manchengo_files.reading import Reader
from manchengo_files.rows import SourceRow
from manchengo_files.sheets import open_sheet
from tests.bench.by_hand import by_hand
from tests.bench.databases import anew
from tests.bench.import_by_hand import import_by_hand
from tests.bench.in_turn import Rounds, Spent, in_turn, timed
from tests.bench.row import AtMost, Finding, Row, Setting, compared_by_time, stats_of
from tests.bench.workshop import (
    ACTOR,
    FARM,
    FIRST_DAY,
    IDS,
    KEEPS_FOR,
    MILK,
    Days,
    Workshop,
    workshop,
)

HEADER = (
    "lot",
    "produit",
    "fournisseur",
    "date_reception",
    "date_peremption",
    "quantite",
    "prix_unitaire",
    "bl_fournisseur",
)


def measure(setting: Setting) -> list[Finding]:
    lots = 10_000 if setting.quick else 100_000
    folder = setting.a_folder("import")
    file, base = written(folder / "receptions.csv", lots), folder / "base.db"
    with workshop(base):
        pass

    def through_the_importer() -> Spent:
        with workshop(anew(base, "imported.db")) as ours:
            return timed(lambda: import_file(ours, file))

    def through_the_core() -> Spent:
        with workshop(anew(base, "ours.db")) as ours:
            return timed(lambda: ours.all_at_once(receptions(file)))

    def through_a_script() -> Spent:
        with by_hand(anew(base, "by-hand.db")) as other:
            return timed(lambda: import_by_hand(other, file))

    imported, by_core, by_script = in_turn(
        2 if setting.quick else 3, through_the_importer, through_the_core, through_a_script
    )
    return [
        compared_by_time(
            "import",
            Rounds(imported, by_script),
            AtMost(2.5),
            note=f"{lots:,} lots by the importer of the CLI; beside: a script that checks nothing",
        ),
        compared_by_time(
            "import, core",
            Rounds(by_core, by_script),
            None,
            note="the same commands in one batch of the core, every cell trusted",
        ),
    ]


def import_file(opened: Workshop, file: Path) -> None:
    """What ``manchengo import lots FILE`` does once the database is open."""
    kind = KINDS[ImportKind.LOTS]
    sheet = open_sheet(file)
    importer = Importer(
        dairy=opened.dairy,
        reader=Reader(sheet, match_header(sheet.header, fields_of(kind.line)), kind),
        source=Source(file_name=file.name, digest="", on=FIRST_DAY),
        ids=IDS,
        actor=ACTOR,
        hand_back=refused,
    )
    importer.run()


def refused(row: SourceRow, faults: Sequence[Fault]) -> None:
    raise AssertionError(f"row {row.number} was refused: {faults}")


def written(file: Path, lots: int) -> Path:
    days = Days(prefix="MP")
    with file.open("w", newline="", encoding="utf-8") as opened:
        lines = csv.writer(opened, delimiter=";")
        lines.writerow(HEADER)
        for number, received in enumerate(days.receptions(lots)):
            lines.writerow(
                (
                    received.code,
                    "LAIT",
                    "F01",
                    f"{received.on:%d/%m/%Y}",
                    f"{received.on + KEEPS_FOR:%d/%m/%Y}",
                    f"{500 + number % 1000},{number % 997:03d}",
                    "62,50",
                    f"BL-{number}",
                )
            )
    return file


def receptions(file: Path) -> Iterator[ReceiveLot]:
    """The commands of a file whose every cell is right."""
    with file.open(newline="", encoding="utf-8") as opened:
        for line in csv.DictReader(opened, delimiter=";"):
            yield ReceiveLot(
                lot_id=LotId(IDS.new()),
                code=line["lot"],
                product_id=MILK,
                supplier_id=FARM,
                on=day(line["date_reception"]),
                expires_on=day(line["date_peremption"]),
                quantity=Quantity(scaled(line["quantite"], 1000), Unit.L),
                unit_price=Money(scaled(line["prix_unitaire"], 100)),
                supplier_reference=line["bl_fournisseur"],
            )


def day(cell: str) -> date:
    return date(int(cell[6:]), int(cell[3:5]), int(cell[:2]))


def scaled(cell: str, factor: int) -> int:
    return int(Decimal(cell.replace(",", ".")) * factor)


def profiled(setting: Setting) -> Stats:
    folder = setting.a_folder("import")
    file = written(folder / "profiled.csv", 10_000)
    with workshop(folder / "profiled.db") as ours:
        return stats_of(lambda: import_file(ours, file))


ROW = Row(
    name="import",
    about="lots from a CSV file, against a script that writes the same rows",
    measure=measure,
    profiled=profiled,
)
