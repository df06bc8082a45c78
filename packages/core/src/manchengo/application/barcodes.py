"""Which products bear a bar code."""

from collections.abc import Iterator
from typing import TypeVar

from manchengo.domain.gtin import same_number
from manchengo.ports.rows import ProductRow
from manchengo.ports.store import Snapshot

P = TypeVar("P", bound=ProductRow)


def products_with_barcode(snapshot: Snapshot, kind: type[P], gtin: str) -> Iterator[P]:
    """Those of that kind that bear this GTIN, with however many leading zeros it is written; none
    that is archived.
    """
    for written in same_number(gtin):
        for row in snapshot.rows(kind, gtin=written):
            if not row.archived:
                yield row
