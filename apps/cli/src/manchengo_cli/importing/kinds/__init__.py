"""The kinds of files that can be imported, one table: what their columns are, what a line does."""

from collections.abc import Mapping
from typing import Any

from manchengo.domain.import_batch import ImportKind
from manchengo_cli.importing.kinds.catalogue import PRODUCTS
from manchengo_cli.importing.kinds.kind import Kind
from manchengo_cli.importing.kinds.opening import OPENING_STOCK
from manchengo_cli.importing.kinds.parties import CLIENTS, SUPPLIERS
from manchengo_cli.importing.kinds.recipes import RECIPES
from manchengo_cli.importing.kinds.stock import LOTS, PRODUCTION
from manchengo_cli.importing.kinds.trade import DELIVERIES, SALES

__all__ = ["KINDS", "Kind"]

KINDS: Mapping[ImportKind, Kind[Any]] = {
    each.kind: each
    for each in (
        *(SUPPLIERS, CLIENTS, PRODUCTS, RECIPES),
        *(OPENING_STOCK, LOTS, PRODUCTION, SALES, DELIVERIES),
    )
}
