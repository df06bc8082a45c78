"""The kinds of things that people know by a code, and the rows that bear these codes."""

from typing import Any

from manchengo.ports.rows import (
    ClientRow,
    DeliveryRow,
    FinishedLotRow,
    FinishedProductRow,
    PriceListRow,
    ProductionOrderRow,
    RawLotRow,
    RawProductRow,
    SalesOrderRow,
    SupplierRow,
)

CODED_ROWS: dict[str, tuple[type[Any], ...]] = {
    "supplier": (SupplierRow,),
    "client": (ClientRow,),
    "product": (RawProductRow, FinishedProductRow),
    "price_list": (PriceListRow,),
    "lot": (RawLotRow, FinishedLotRow),
    "production_order": (ProductionOrderRow,),
    "sales_order": (SalesOrderRow,),
    "delivery": (DeliveryRow,),
}
"""Within one kind a code is unique, over all its rows together."""
