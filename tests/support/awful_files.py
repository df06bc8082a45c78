"""Files as bad offices write them, each with what must become of each of its rows.

``awful_file(kind, seed)`` always gives the same file for the same seed: rows that are right and
rows that are wrong, written in one of the ways in which offices write them. The fates do not come
from the importer: each good row and each fault is written down here with its outcome.
"""

import csv
import io
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Literal

from attrs import define, field, frozen
from openpyxl import Workbook

Value = str | Decimal | date | None
Values = dict[str, Value]

ASIDE, ACCEPTED, UNCHANGED = "aside", "accepted", "unchanged"


@frozen
class Fault:
    """A cell gone wrong: the column, what stands there, and the rule it breaks."""

    column: str
    text: str
    rule: str


@frozen
class Row:
    """``fate``: one of the words above, or the column and the rule for which it is refused."""

    values: Values
    fate: str | tuple[str, str]


@frozen
class Expected:
    """By row number: the file's own name of the column at fault, and the rule."""

    path: Path
    accepted: int
    unchanged: int
    refused: Mapping[int, tuple[str, str]]
    aside: frozenset[int]
    good: Sequence[Values]


# ------------------------------------------------------------------------------ what is in them

BAD_FIGURES = (
    *(("12O,5", "not_a_number"), ("-4", "negative"), ("0", "zero"), ("1e3", "scientific_notation")),
    *(("=1+1", "formula"), ("#N/A", "spreadsheet_error"), ("", "blank"), ("٣", "not_a_number")),
    *(("9" * 20, "too_many_digits"), ("1.5.5", "not_a_number"), ("douze", "not_a_number")),
    *(("#VALEUR!", "spreadsheet_error"), ("1,2,3", "not_a_number"), ("--4", "not_a_number")),
)
BAD_DAYS = (
    *(("31/02/2026", "impossible_date"), ("hier", "not_a_date"), ("", "blank"), ("=A1", "formula")),
    *(("23/04/26", "two_digit_year"), ("2026/04/23", "not_a_date"), ("٢٣/٠٤/٢٠٢٦", "not_a_date")),
    *(
        ("23 avril 2026", "not_a_date"),
        ("01/01/1980", "year_out_of_range"),
        ("46135", "not_a_date"),
    ),
)
BAD_CODES = (
    *(("", "blank"), ("x" * 65, "too_long"), ("=A1", "formula"), ("#REF!", "spreadsheet_error")),
    *(("6,13E+12", "scientific_notation"), ("6E+12", "scientific_notation")),
)


def faults(columns: str, bad: Sequence[tuple[str, str]]) -> tuple[Fault, ...]:
    return tuple(Fault(name, text, rule) for name in columns.split() for text, rule in bad)


def unknown(*columns: str) -> tuple[Fault, ...]:
    return tuple(Fault(name, "X-INCONNU", "unknown") for name in columns)


@frozen(kw_only=True)
class Spec:
    """One kind: its columns with the names offices give them, its records, and its faults.

    ``record(n)`` gives the rows of the n-th thing, which must be of that ``group`` where there is
    one. ``days`` and ``figures`` are the columns of those; ``last``: its word for a total.
    """

    columns: Mapping[str, tuple[str, ...]]
    record: Callable[[int], list[Values]]
    faults: tuple[Fault, ...]
    group: str = ""
    total_in: str


NAMES = ("Ferme Aït Ali", "Épicerie de Béjaïa", "Crèmerie d'été", "Hôtel Médéa", 'dit "la meule"')


def a_day(n: int) -> date:
    """Days that cannot be taken for months: a stray month first in the file disturbs none."""
    return date(2026, 1, 13) + timedelta(days=n % 18)


def party(n: int) -> list[Values]:
    return [{"code": f"P-{n:03}", "nom": f"{NAMES[n % 5]} {n}", "telephone": f"05506{n:05}"}]


def product(n: int) -> list[Values]:
    return [
        {
            "code": f"PR-{n}",
            "type": ("MP", "PF", "produit fini", "Matière première")[n % 4],
            "designation": NAMES[n % 5],
            "unite": ("kg", "L", "pièce", "Litre")[n % 4],
            "prix_ht": Decimal(n * 517 + 50) / 4,
            "tva": ("19", "9 %", "exonéré", "Normal", "réduit")[n % 5],
        }
    ]


def recipe(n: int) -> list[Values]:
    day = date(2026, 2, 13) + timedelta(days=n * 28)
    pours = [("LAIT", Decimal("100.5")), ("SEL", Decimal("0.25"))][: 1 + n % 2]
    return [
        {
            "produit": ("TOMME", "BRIE")[n % 2],
            "pour_quantite": Decimal(10),
            "ingredient": ingredient,
            "quantite": quantity,
            "valable_depuis": day.replace(day=13 + n % 15),
        }
        for ingredient, quantity in pours
    ]


def lot(n: int) -> list[Values]:
    return [
        {
            "lot": f"L-{n:04}",
            "produit": ("LAIT", "SEL")[n % 2],
            "fournisseur": ("F1", "F2")[n % 2],
            "date_reception": a_day(n),
            "date_peremption": a_day(n) + timedelta(days=365) if n % 3 else None,
            "quantite": Decimal(n * 977 + 499) / 8,
            "prix_unitaire": Decimal(n * 7 + 62),
        }
    ]


def make(n: int) -> list[Values]:
    return [
        {
            "numero": f"OF-{n}",
            "date": a_day(n),
            "produit": "TOMME",
            "quantite_prevue": Decimal(10 + n % 3),
            "quantite_obtenue": Decimal(n % 7) + Decimal("9.5"),
        }
    ]


def sale(n: int) -> list[Values]:
    lines = [Decimal(1300), Decimal(0), Decimal("1299.5")][: 1 + n % 3]
    return [
        {
            "numero": f"CC-{n}",
            "date": a_day(n),
            "client": "C1",
            "produit": "TOMME",
            "quantite": Decimal(n % 4 + 1) / 4,
            "prix_unitaire": price,
        }
        for price in lines
    ]


def delivery(n: int) -> list[Values]:
    return [{"numero": f"BL-{n}", "date": a_day(n), "commande": f"CV-{n}"}]


CODE = ("code", "CODE", " Code ")
QUANTITY = ("quantite", "Quantité", "QTÉ", "Qty")
PRODUCT = ("produit", "Code produit", "PRODUCT")

SPECS: Mapping[str, Spec] = {
    "suppliers": Spec(
        columns={
            "code": (*CODE, "Code fournisseur"),
            "nom": ("nom", "Raison sociale", "NAME", "Désignation"),
            "telephone": ("telephone", "Tél.", "Téléphone", "N° de téléphone"),
        },
        record=party,
        faults=(
            *faults("code", BAD_CODES),
            Fault("nom", "", "blank"),
            Fault("nom", "=1", "formula"),
        ),
        total_in="nom",
    ),
    "clients": Spec(
        columns={
            "code": (*CODE, "Code client"),
            "nom": ("nom", "Raison sociale"),
            "telephone": ("telephone", "Mobile"),
        },
        record=party,
        faults=(*faults("code", BAD_CODES), Fault("nom", "", "blank")),
        total_in="code",
    ),
    "products": Spec(
        columns={
            "code": (*CODE, "SKU"),
            "type": ("type", "Nature", "Kind"),
            "designation": ("designation", "Libellé", "Désignation"),
            "unite": ("unite", "Unité", "UNIT"),
            "prix_ht": ("prix_ht", "Prix HT", "Prix unitaire (DA)"),
            "tva": ("tva", "Taux TVA", "VAT"),
        },
        record=product,
        faults=(
            *faults("code", BAD_CODES),
            *faults("prix_ht", [each for each in BAD_FIGURES if each[1] != "zero"]),
            *(Fault("tva", "17", "not_a_choice"), Fault("tva", "0,19", "not_a_choice")),
            *(Fault("type", "XX", "not_a_choice"), Fault("unite", "tonneau", "not_a_choice")),
        ),
        total_in="designation",
    ),
    "recipes": Spec(
        columns={
            "produit": PRODUCT,
            "pour_quantite": ("pour_quantite", "Pour quantité", "Batch"),
            "ingredient": ("ingredient", "Ingrédient", "Matière"),
            "quantite": QUANTITY,
            "valable_depuis": ("valable_depuis", "Valable à partir du", "En vigueur le"),
        },
        record=recipe,
        faults=(*faults("quantite", BAD_FIGURES), *unknown("ingredient")),
        group="produit",
        total_in="ingredient",
    ),
    "lots": Spec(
        columns={
            "lot": ("lot", "N° lot", "Numéro de lot", "CODE LOT"),
            "produit": (*PRODUCT, "Matière"),
            "fournisseur": ("fournisseur", "Code fournisseur", "Vendor"),
            "date_reception": ("date_reception", "Date de réception", "Reçu le"),
            "date_peremption": ("date_peremption", "DLC", "Date de péremption"),
            "quantite": QUANTITY,
            "prix_unitaire": ("prix_unitaire", "Prix", "Prix unitaire (DA)", "PU HT"),
        },
        record=lot,
        faults=(
            *faults("lot", BAD_CODES),
            *faults("quantite", BAD_FIGURES),
            *faults("date_reception", BAD_DAYS),
            *unknown("produit", "fournisseur"),
            Fault("produit", "TOMME", "not_a_raw_material"),
            Fault("date_peremption", "13/01/2020", "expires_before_reception"),
            *(Fault("quantite", "12 tonneaux", "not_a_number"),),
            Fault("quantite", "1 pièce", "other_unit_than_the_column"),
            Fault("prix_unitaire", "-62", "negative"),
            Fault("prix_unitaire", "62 €", "not_a_number"),
        ),
        total_in="fournisseur",
    ),
    "production": Spec(
        columns={
            "numero": ("numero", "N°", "OF", "Ordre"),
            "date": ("date", "Date de fabrication", "Fabriqué le"),
            "produit": PRODUCT,
            "quantite_prevue": ("quantite_prevue", "Quantité prévue (kg)", "Prévue"),
            "quantite_obtenue": ("quantite_obtenue", "Quantité obtenue", "Obtenue (kg)"),
        },
        record=make,
        faults=(
            *faults("numero", BAD_CODES),
            *faults("quantite_prevue quantite_obtenue", BAD_FIGURES),
            *faults("date", BAD_DAYS),
            *unknown("produit"),
            Fault("quantite_prevue", "999999", "not_enough_materials"),
        ),
        total_in="produit",
    ),
    "sales": Spec(
        columns={
            "numero": ("numero", "N° commande", "Commande"),
            "date": ("date", "Date de commande", "Date de la commande (jj/mm/aaaa)"),
            "client": ("client", "Code client", "Customer"),
            "produit": (*PRODUCT, "Article"),
            "quantite": (*QUANTITY, "Quantité (kg)"),
            "prix_unitaire": ("prix_unitaire", "Prix", "PU (DA/kg)"),
        },
        record=sale,
        faults=(
            *faults("quantite", BAD_FIGURES),
            *unknown("produit"),
            Fault("quantite", "999999", "not_enough_stock"),
        ),
        group="numero",
        total_in="client",
    ),
    "deliveries": Spec(
        columns={
            "numero": ("numero", "N° BL", "Delivery note"),
            "date": ("date", "Livré le", "Date de livraison (jj/mm/aaaa)"),
            "commande": ("commande", "N° de commande", "ORDER"),
        },
        record=delivery,
        faults=(
            *faults("numero", BAD_CODES),
            *faults("date", BAD_DAYS),
            *unknown("commande"),
            Fault("commande", "", "blank"),
        ),
        total_in="commande",
    ),
}

# ------------------------------------------------------------------------- how they are written

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252", "iso8859-15", "cp850")
TITLES = (
    (),
    ("Laiterie Manchengo, Tizi Ouzou",),
    ("Réceptions, ventes, fabrications, tout", "", "Édité le ; 31/01/2026 ; par Karim"),
)
TOTALS = ("Total", "TOTAL GÉNÉRAL :", "Sous-total", "Totaux")
DAY_STYLES = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%d/%m/%Y 00:00", "%Y-%m-%dT00:00:00")


@define
class Style:
    """One office's way of writing, drawn once for a file."""

    chance: random.Random
    is_workbook: bool = field(init=False)
    encoding: str = field(init=False)
    mark: str = field(init=False)
    thousands: str = field(init=False)
    day: str = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.is_workbook = self.chance.random() < 0.4
        self.encoding = self.chance.choice(ENCODINGS)
        self.mark = self.chance.choice(",.")
        other = "." if self.mark == "," else ","
        self.thousands = self.chance.choice(["", " ", "\u00a0", "'", other])
        self.day = self.chance.choice(DAY_STYLES)

    def text(self, value: Value) -> str:
        match value:
            case None:
                return ""
            case date():
                return value.strftime(self.day)
            case Decimal():
                whole, _point, decimals = f"{value:f}".partition(".")
                grouped = f"{int(whole):,}".replace(",", self.thousands)
                decimals = decimals.rstrip("0")
                return f"{grouped}{self.mark}{decimals}" if decimals else grouped
            case str():
                return self.chance.choice(["{}", "{}", " {} ", "\u00a0{}"]).format(value)

    def cell(self, value: Value) -> object:
        """Of a workbook: a number or a day, or else text as in a text file."""
        if isinstance(value, Decimal) and self.chance.random() < 0.7:
            return float(value)
        if isinstance(value, date) and self.chance.random() < 0.7:
            return value
        return self.text(value)


def awful_file(kind: str, seed: int, folder: Path) -> Expected:
    """A file of that kind in the folder, and what must become of its rows."""
    chance = random.Random(f"{kind} {seed}")
    spec, style = SPECS[kind], Style(chance)
    rows = list(_rows(spec, chance))
    header = {name: chance.choice(names) for name, names in spec.columns.items()}
    order = list(spec.columns)
    chance.shuffle(order)
    lines: list[list[object]] = [[title] for title in chance.choice(TITLES)]
    lines.append([*(header[name] for name in order), "Remarque"])
    refused: dict[int, tuple[str, str]] = {}
    aside: set[int] = set()
    for row in _interrupted(spec, rows, chance, header):
        lines += [[]] * (chance.random() < 0.1)
        write = style.cell if style.is_workbook else style.text
        lines.append([write(row.values.get(name)) for name in order])
        if row.fate == ASIDE:
            aside.add(len(lines))
        elif isinstance(row.fate, tuple):
            column, rule = row.fate
            refused[len(lines)] = (header[column].strip(), rule)
    path = _workbook(folder, lines, chance) if style.is_workbook else _text(folder, lines, style)
    return Expected(
        path=path,
        accepted=sum(row.fate == ACCEPTED for row in rows),
        unchanged=sum(row.fate == UNCHANGED for row in rows),
        refused=refused,
        aside=frozenset(aside),
        good=[row.values for row in rows if row.fate == ACCEPTED],
    )


def _rows(spec: Spec, chance: random.Random) -> Iterator[Row]:
    """Records, right and wrong. The first is right, and shows how figures are written."""
    groups = []
    for n in range(1, 15):
        values = spec.record(n)
        if n == 1 or chance.random() < 0.5:
            groups.append([Row(each, ACCEPTED) for each in values])
        else:
            groups.append(_spoilt(spec, values, chance))
    if not spec.group:
        again = chance.choice(groups[:1])
        groups.append([Row(row.values, UNCHANGED) for row in again])
    rows = [row for group in groups for row in group]
    if spec.group:  # the rows of an order stand anywhere
        first, rest = rows[:1], rows[1:]
        chance.shuffle(rest)
        rows = first + rest
    yield from rows


def _spoilt(spec: Spec, values: list[Values], chance: random.Random) -> list[Row]:
    """The rows of a record of which one is wrong."""
    fault = chance.choice(spec.faults)
    at = chance.randrange(len(values))
    rows = [Row(each, (spec.group, "with_the_others")) for each in values]
    if fault.rule == "not_enough_stock":  # told of every line that asks for the product
        rows = [Row(each, (fault.column, fault.rule)) for each in values]
    rows[at] = Row(values[at] | {fault.column: fault.text}, (fault.column, fault.rule))
    return rows


def _interrupted(
    spec: Spec, rows: Sequence[Row], chance: random.Random, header: Mapping[str, str]
) -> Iterator[Row]:
    """With the header again in the middle, and totals at the end."""
    middle = len(rows) // 2 if chance.random() < 0.3 else None
    for at, row in enumerate(rows):
        if at == middle:
            yield Row(dict(header), ASIDE)
        yield row
    if chance.random() < 0.6:
        yield Row({spec.total_in: chance.choice(TOTALS)}, ASIDE)


def _text(folder: Path, lines: Sequence[Sequence[object]], style: Style) -> Path:
    out = io.StringIO(newline="")
    separator = style.chance.choice(";;,\t|")
    quoted: Literal[0, 1] = csv.QUOTE_ALL if style.chance.random() < 0.3 else csv.QUOTE_MINIMAL
    ending = style.chance.choice(["\r\n", "\n"])
    csv.writer(out, delimiter=separator, quoting=quoted, lineterminator=ending).writerows(lines)
    path = folder / "bureau.csv"
    try:
        path.write_bytes(out.getvalue().encode(style.encoding))
    except UnicodeEncodeError:  # Arabic figures are in no older encoding
        path.write_bytes(out.getvalue().encode("utf-8"))
    return path


def _workbook(folder: Path, lines: Sequence[Sequence[object]], chance: random.Random) -> Path:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Données"
    for line in lines:
        sheet.append(list(line))
    if not lines[0][1:]:
        sheet.merge_cells("A1:D1")
    if chance.random() < 0.5:
        book.create_sheet("Notes", 0).append(["à revoir avec Karim"])
    if chance.random() < 0.5:
        hidden = book.create_sheet("Listes", 0)
        hidden.append(list(lines[-1]))
        hidden.sheet_state = "hidden"
    path = folder / "bureau.xlsx"
    book.save(path)
    return path
