"""The prices of price lists: each row gives the price of a product in a list, from a day on."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from manchengo.application.unit_of_work import UnitOfWork
from manchengo.commands import SetPrice
from manchengo.domain.aggregates import PRICE_LIST
from manchengo.domain.errors import AlreadyExists
from manchengo.domain.ids import PriceListId
from manchengo.domain.import_batch import ImportKind
from manchengo.domain.unit_price import UnitPrice
from manchengo.ports.ids import Ids
from manchengo_files.codes import Codes
from manchengo_files.kinds.kind import Kind
from manchengo_files.kinds.line import (
    PRICE_PER,
    Day,
    Line,
    MaybeUnits,
    Price,
    Reference,
    heading,
)
from manchengo_files.kinds.update import Change, Difference
from manchengo_presenters.formatting import day


class PriceLine(Line):
    """A row of prices."""

    price_list: Annotated[
        Reference, heading("tarif", "code_tarif", "grille_tarifaire", "price_list_code", "list")
    ]
    product: Annotated[Reference, heading("produit", "code_produit", "article", "product_code")]
    price: Annotated[
        Price, heading("prix_ht", "prix_unitaire", "prix", "prix_unitaire_ht", "unit_price")
    ]
    price_per: Annotated[MaybeUnits, PRICE_PER]
    from_day: Annotated[
        Day, heading("a_partir_du", "en_vigueur_le", "valable_depuis", "date", "in_force_from")
    ]


def set_price(lines: Sequence[PriceLine], codes: Codes, _ids: Ids) -> SetPrice:
    """A price where the list has none from that day on. Raises ``AlreadyExists`` where it has
    another one.
    """
    line = lines[0]
    command = _command(line, codes)
    recorded = _recorded(command, codes)
    if recorded not in (None, command.price):
        raise AlreadyExists(kind="price", reference=f"{line.product}, {day(line.from_day)}")
    return command


def change_price(lines: Sequence[PriceLine], codes: Codes, _today: date) -> Change | None:
    """Another price from the same day on; None where the list has none from that day on."""
    line = lines[0]
    command = _command(line, codes)
    recorded = _recorded(command, codes)
    if recorded is None:
        return None
    code = f"{line.price_list} {line.product}, {day(line.from_day)}"
    if recorded == command.price:
        return Change(code=code, command=None)
    difference = Difference(field="price", before=recorded, after=command.price)
    return Change(code=code, command=command, differences=(difference,))


def _command(line: PriceLine, codes: Codes) -> SetPrice:
    return SetPrice(
        price_list_id=PriceListId(codes.id("price_list", line.price_list)),
        product_id=codes.product(line.product).id,
        price=UnitPrice(line.price, line.price_per or 1),
        from_day=line.from_day,
    )


def _recorded(command: SetPrice, codes: Codes) -> UnitPrice | None:
    price_list = UnitOfWork(codes.snapshot).load(PRICE_LIST, command.price_list_id)
    return price_list.set_from(command.product_id, command.from_day)


PRICES = Kind(
    kind=ImportKind.PRICES,
    line=PriceLine,
    command=set_price,
    change=change_price,
    references={"price_list": "price_list", "product": "product"},
    measured_in={"price": "product"},
    group=("price_list", "product", "from_day"),
    agree=("price", "price_per"),
    columns={"price": "price", "price_list": "price_list", "product": "product"},
)
