"""What a folder of an office's files must come to, reckoned as plainly as can be.

    python -m tests.support.naive_fifo FOLDER 2025-11-20    write FOLDER/attendu_*.csv, the stock
                                                            usable as judged on that day

It shares no code with the project: it reads the files itself, keeps lots in a list, looks through
all of them each time, and counts whole thousandths. On the year of a real-shaped office it gives,
line for line, the figures that came with it, which is why it may say what a cut of it must give.
"""

import csv
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

FOR_EVER = date.max

ENCODINGS = {"fournisseurs": "cp1252", "lots_mp": "cp1252"}


@dataclass
class Lot:
    code: str
    product: str
    came: date
    expires: date
    left: int
    promised: int = 0
    made_from: list[tuple[str, int]] = field(default_factory=list)
    sent: list[tuple[str, str, int]] = field(default_factory=list)

    def fit(self, on: date) -> bool:
        return self.came <= on <= self.expires


class Office:
    """One folder, gone through in the order in which its files are imported."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.products = {row["code"]: row for row in rows(folder, "produits")}
        self.lots: list[Lot] = []
        self.refused: list[tuple[str, list[str]]] = []
        self.refused_sales: list[tuple[str, list[str]]] = []
        self.sold: dict[str, tuple[str, list[tuple[Lot, int]]]] = {}
        self.receive()
        self.produce()
        self.sell()
        self.deliver()

    def receive(self) -> None:
        for row in rows(self.folder, "lots_mp"):
            expires = day(row["date_peremption"]) if row["date_peremption"] else FOR_EVER
            self.lots.append(
                Lot(
                    row["lot"],
                    row["produit"],
                    day(row["date_reception"]),
                    expires,
                    thousandths(row["quantite"]),
                )
            )

    def produce(self) -> None:
        recipes: dict[str, list[tuple[str, int, int]]] = {}
        for row in rows(self.folder, "recettes"):
            part = (
                row["ingredient"],
                thousandths(row["quantite"]),
                thousandths(row["pour_quantite"]),
            )
            recipes.setdefault(row["produit"], []).append(part)
        for row in rows(self.folder, "production"):
            on, planned = day(row["date"]), thousandths(row["quantite_prevue"])
            taken: list[tuple[Lot, int]] = []
            missing = []
            for ingredient, quantity, batch in recipes[row["produit"]]:
                need = (2 * quantity * planned + batch) // (2 * batch)
                picks = self.oldest_first(ingredient, need, on)
                if sum(amount for _, amount in picks) < need:
                    missing.append(ingredient)
                taken += picks
            if missing:
                self.refused.append((row["numero"], missing))
                continue
            for lot, amount in taken:
                lot.left -= amount
            keeps = self.products[row["produit"]]["duree_conservation_jours"]
            self.lots.append(
                Lot(
                    f"PF-{row['numero']}",
                    row["produit"],
                    on,
                    on + timedelta(days=int(keeps)) if keeps else FOR_EVER,
                    thousandths(row["quantite_obtenue"]),
                    made_from=[(lot.code, amount) for lot, amount in taken],
                )
            )

    def sell(self) -> None:
        orders: dict[str, list[dict[str, str]]] = {}
        for row in rows(self.folder, "commandes"):
            orders.setdefault(row["numero"], []).append(row)
        for number, lines in orders.items():
            picks: list[tuple[Lot, int]] = []
            missing = []
            for line in lines:
                wanted = thousandths(line["quantite"])
                found = self.oldest_first(line["produit"], wanted, day(line["date"]))
                if sum(amount for _, amount in found) < wanted:
                    missing.append(line["produit"])
                picks += found
            if missing:
                self.refused_sales.append((number, missing))
                continue
            for lot, amount in picks:
                lot.promised += amount
            self.sold[number] = (lines[0]["client"], picks)

    def deliver(self) -> None:
        for row in rows(self.folder, "livraisons"):
            client, picks = self.sold.get(row["commande"], ("", []))
            for lot, amount in picks:
                lot.left -= amount
                lot.promised -= amount
                lot.sent.append((client, row["commande"], amount))

    def oldest_first(self, product: str, wanted: int, on: date) -> list[tuple[Lot, int]]:
        """What each lot gives, until there is enough or nothing more."""
        picks = []
        able = [lot for lot in self.lots if lot.product == product and lot.fit(on)]
        for lot in sorted(able, key=lambda lot: (lot.came, lot.expires)):
            amount = min(wanted, lot.left - lot.promised)
            if amount > 0:
                picks.append((lot, amount))
                wanted -= amount
        return picks

    # What must come out.

    def stock(self, on: date) -> Iterator[tuple[str, str, str, str]]:
        for product in self.products:
            held = [lot for lot in self.lots if lot.product == product and lot.left]
            usable = [lot for lot in held if lot.fit(on)]
            yield (
                product,
                french(sum(lot.left for lot in held)),
                french(sum(lot.left - lot.promised for lot in usable)),
                str(len(held)),
            )

    def traces(self, lots: set[str]) -> Iterator[tuple[str, ...]]:
        """Where these raw materials went; a lot that went to nobody has no client."""
        for made in self.lots:
            for source, amount in made.made_from:
                if source in lots:
                    begins = (source, made.code, french(amount))
                    if not made.sent:
                        yield (*begins, "", "", "")
                    for client, order, sent in made.sent:
                        yield (*begins, client, order, french(sent))


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(
        encoding=ENCODINGS.get(name, "utf-8-sig"), newline=""
    ) as file:
        return list(csv.DictReader(file, delimiter=";"))


def day(text: str) -> date:
    return date(int(text[6:]), int(text[3:5]), int(text[:2]))


def thousandths(text: str) -> int:
    amount = Decimal(text.replace(",", ".")) * 1000
    assert amount == int(amount), text
    return int(amount)


def french(amount: int) -> str:
    whole, rest = divmod(amount, 1000)
    return f"{whole},{rest:03}".rstrip("0").rstrip(",")


def main(folder: Path, on: date) -> None:
    office = Office(folder)
    raw = {lot.code for lot in [lot for lot in office.lots if not lot.made_from][::4]}
    usable = f"utilisable_au_{on.isoformat()}"
    trace = ("lot_mp", "lot_pf", "quantite_mp", "client", "commande", "quantite_pf")
    write(folder, "stock", ("produit", "en_stock", usable, "lots_ouverts"), office.stock(on))
    refused = ((number, " ".join(missing)) for number, missing in office.refused)
    write(folder, "refus", ("numero", "manquants"), refused)
    write(folder, "tracabilite", trace, office.traces(raw))


def write(
    folder: Path, name: str, header: tuple[str, ...], lines: Iterator[tuple[str, ...]]
) -> None:
    with (folder / f"attendu_{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file, delimiter=";")
        out.writerow(header)
        out.writerows(lines)


if __name__ == "__main__":
    main(Path(sys.argv[1]), date.fromisoformat(sys.argv[2]))
