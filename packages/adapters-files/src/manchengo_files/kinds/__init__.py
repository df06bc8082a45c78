"""The kinds of files that can be imported, one table: what their columns are, what a line does."""

from collections.abc import Mapping
from typing import Any

from manchengo.domain.import_batch import ImportKind
from manchengo_files.kinds.catalogue import PRODUCTS
from manchengo_files.kinds.kind import Kind
from manchengo_files.kinds.opening import OPENING_STOCK
from manchengo_files.kinds.parties import CLIENTS, SUPPLIERS
from manchengo_files.kinds.prices import PRICES
from manchengo_files.kinds.recipes import RECIPES
from manchengo_files.kinds.stock import LOTS, PRODUCTION
from manchengo_files.kinds.trade import DELIVERIES, SALES

__all__ = ["KINDS", "Kind"]

KINDS: Mapping[ImportKind, Kind[Any]] = {
    each.kind: each
    for each in (
        *(SUPPLIERS, CLIENTS, PRODUCTS, PRICES, RECIPES),
        *(OPENING_STOCK, LOTS, PRODUCTION, SALES, DELIVERIES),
    )
}
