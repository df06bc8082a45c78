"""A CSV of receptions put into our tables by a script: parsed and trusted, evented and projected.

Every row that our import writes is written; nothing is checked, neither codes nor dates nor roles,
and the hash chain is a bare SHA-256 over the payloads.
"""

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from tests.bench.by_hand import ByHand
from tests.bench.workshop import ACTOR, FARM, IDS, MILK

AT_ONCE = 5_000
TABLES = ("_commits", "_events", "_sync_queue", "lots_mp", "stock_movements")


def import_by_hand(database: ByHand, file: Path) -> None:
    ((first, previous),) = database.rows(
        "SELECT max(position) + 1, (SELECT hash FROM _devices) FROM _commits"
    )
    with file.open(newline="", encoding="utf-8") as opened, database.transaction():
        receptions = rows_of(csv.DictReader(opened, delimiter=";"), first, previous)
        while some := list(islice(receptions, AT_ONCE)):
            database.insert(dict(zip(TABLES, zip(*some, strict=True), strict=True)))


def rows_of(
    lines: Iterator[dict[str, str]], first: int, previous: bytes
) -> Iterator[tuple[tuple[Any, ...], ...]]:
    """One row of each of ``TABLES`` for every line of the file."""
    products, suppliers = {"LAIT": MILK}, {"F01": FARM}
    for position, line in enumerate(lines, first):
        lot, product = IDS.new(), products[line["produit"]]
        supplier = suppliers[line["fournisseur"]]
        on, expires_on = iso(line["date_reception"]), iso(line["date_peremption"])
        quantity = int(Decimal(line["quantite"].replace(",", ".")) * 1000)
        unit_price = int(Decimal(line["prix_unitaire"].replace(",", ".")) * 100)
        event = {
            "code": line["lot"],
            "expires_on": expires_on,
            "lot_id": str(lot),
            "on": on,
            "product_id": str(product),
            "quantity": {"thousandths": quantity, "unit": "L"},
            "supplier_id": str(supplier),
            "supplier_reference": line["bl_fournisseur"],
            "unit_price": {"centimes": unit_price, "per": 1},
        }
        payload = json.dumps(event | {"quarantined": False}).encode()
        digest = sha256(previous + payload).digest()
        yield (
            (
                position,
                IDS.new().bytes,
                ACTOR.device_id.bytes,
                ACTOR.user_id.bytes,
                position,
                datetime.now(UTC).isoformat(),
                f"{position:015d}-000000-0000000f",
                on,
                "lot.receive",
                2,
                payload,
                None,
                previous,
                digest,
                None,
                None,
                None,
            ),
            (
                None,
                IDS.new().bytes,
                position,
                0,
                "lot",
                lot.bytes,
                "lot.received",
                2,
                payload,
                1,
                1,
                0,
                None,
            ),
            (position, None),
            (
                lot.bytes,
                line["lot"],
                product.bytes,
                "L",
                "AVAILABLE",
                "released",
                "",
                on,
                expires_on,
                quantity,
                quantity,
                0,
                supplier.bytes,
                line["bl_fournisseur"],
                unit_price,
                None,
                line["lot"].casefold(),
                line["bl_fournisseur"].casefold() or None,
                1,
                f"{line['lot']} {line['bl_fournisseur']}".casefold(),
            ),
            (lot.bytes, 1, product.bytes, on, "receipt", quantity, "L", None, ""),
        )
        previous = digest


def iso(day: str) -> str:
    """``06/01/2020`` as ``2020-01-06``."""
    return f"{day[6:]}-{day[3:5]}-{day[:2]}"
