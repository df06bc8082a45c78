"""What a client pays for a product on a day where nobody says otherwise, and where that is said.

The price list of the client comes first, by its price in force on the day; then the product's own
price. An order records the price, so what is set later changes nothing of it.
"""

from datetime import date

from attrs import frozen

from manchengo.application.spellings import rows_of_code
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.domain.aggregates import CLIENT, PRICE_LIST
from manchengo.domain.ids import ClientId, ProductId
from manchengo.domain.price_list import PriceList
from manchengo.domain.unit_price import UnitPrice
from manchengo.ports.rows import PriceListRow


@frozen(kw_only=True)
class OfferedPrice:
    """``price``: before tax. ``price_list``: the code and name of the list that says so, ``since``
    the day from which on it does; None where it is the product's own price.
    """

    price: UnitPrice
    price_list: tuple[str, str] | None = None
    since: date | None = None


def price_for(
    work: UnitOfWork, client_id: ClientId, product_id: ProductId, on: date
) -> OfferedPrice | None:
    """The price on that day; None where neither a list nor the product has one. Raises ``Unknown``
    where there is no such product.
    """
    known = _list_of(work, client_id)
    in_force = known.in_force(product_id, on) if known else None
    if known is not None and in_force is not None:
        price, since = in_force
        return OfferedPrice(price=price, price_list=(known.code, known.name), since=since)
    own = work.product(product_id).price
    return OfferedPrice(price=own) if own else None


def list_of_code(work: UnitOfWork, code: str) -> PriceList | None:
    """The price list of that code, however it is typed."""
    row = next(rows_of_code(work.snapshot, code, PriceListRow), None)
    return work.load(PRICE_LIST, row.id) if row else None


def _list_of(work: UnitOfWork, client_id: ClientId) -> PriceList | None:
    """The list by which the client pays, if there is one and the client is known."""
    client = work.find(CLIENT, client_id)
    return list_of_code(work, client.price_list) if client and client.price_list else None
