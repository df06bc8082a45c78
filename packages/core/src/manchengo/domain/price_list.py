"""A price list: what some clients pay for a product, each price in force from a day on."""

from collections.abc import Mapping
from datetime import date
from typing import assert_never

from attrs import evolve as changed
from attrs import field, frozen

from manchengo.domain.details import SENSITIVE, changes, with_changes
from manchengo.domain.errors import Archived, name_given
from manchengo.domain.ids import PriceListId, ProductId
from manchengo.domain.unit_price import UnitPrice, for_one


@frozen(kw_only=True)
class RegisterPriceList:
    """Registers a price list, without prices.

    ``code``: what people call it; unique among price lists.

    Refused: ``AlreadyExists``, ``CodeMissing``, ``NameMissing``.
    """

    price_list_id: PriceListId
    code: str
    name: str


@frozen(kw_only=True)
class ChangePriceList:
    """Changes only the given fields; devices merge them field by field.

    Refused: ``Archived``, ``NameMissing``.
    """

    price_list_id: PriceListId
    name: str | None = None


@frozen(kw_only=True)
class SetPrice:
    """From a day on, the list has this price for the product.

    ``price``: before tax, for one unit unless it gives another number; zero: from that day on the
    list has none, and the product's own price holds. A price of the same product and day that was
    set before is replaced.

    Refused: ``Archived``.
    """

    price_list_id: PriceListId
    product_id: ProductId
    price: UnitPrice = field(converter=for_one)
    from_day: date


@frozen(kw_only=True)
class ArchivePriceList:
    """No new client gets the list, and orders take no price from it; what was recorded stays.

    Refused: ``Archived``.
    """

    price_list_id: PriceListId


PriceListCommand = RegisterPriceList | ChangePriceList | SetPrice | ArchivePriceList


@frozen(kw_only=True)
class PriceListRegistered:
    """A price list was registered."""

    price_list_id: PriceListId
    code: str
    name: str


@frozen(kw_only=True)
class PriceListDetailsChanged:
    """Fields of a price list changed; None: this one did not."""

    name: str | None


@frozen(kw_only=True)
class PriceSet:
    """From that day on, so much for the product; zero: none of its own."""

    product_id: ProductId
    price: UnitPrice = field(converter=for_one, metadata=SENSITIVE)
    from_day: date


@frozen(kw_only=True)
class PriceListArchived:
    """Nobody pays by the list any more."""


PriceListEvent = PriceListRegistered | PriceListDetailsChanged | PriceSet | PriceListArchived

DatedPrices = tuple[tuple[date, UnitPrice], ...]
"""Prices of one product, each with the day from which on it is in force; the earliest first."""


@frozen(kw_only=True)
class PriceList:
    """A price list. ``prices``: of each product, all that were set."""

    id: PriceListId
    code: str
    name: str
    prices: Mapping[ProductId, DatedPrices] = field(factory=dict)
    archived: bool = False

    def active(self) -> "PriceList":
        """This list, refused when archived."""
        if self.archived:
            raise Archived(kind="price_list", code=self.code)
        return self

    def set_from(self, product_id: ProductId, day: date) -> UnitPrice | None:
        """The price of the product that was set from that very day on; None where none was."""
        return dict(self.prices.get(product_id, ())).get(day)

    def in_force(self, product_id: ProductId, on: date) -> tuple[UnitPrice, date] | None:
        """The price of the product on that day, and the day from which on it is in force; None
        where the list has none then, or is archived.
        """
        if self.archived:
            return None
        begun = [dated for dated in self.prices.get(product_id, ()) if dated[0] <= on]
        if not begun or not begun[-1][1]:
            return None
        since, price = begun[-1]
        return price, since


def decide(price_list: PriceList | None, command: PriceListCommand) -> tuple[PriceListEvent, ...]:
    """What the command makes happen to the list; raises the refusals that its class names."""
    match command:
        case RegisterPriceList():
            name = name_given(command.name, "price_list")
            return (
                PriceListRegistered(
                    price_list_id=command.price_list_id, code=command.code, name=name
                ),
            )
        case ChangePriceList():
            known = _existing(price_list).active()
            if command.name is not None:
                name_given(command.name, "price_list")
            return changes(known, command, PriceListDetailsChanged)
        case SetPrice():
            return _set_price(_existing(price_list).active(), command)
        case ArchivePriceList():
            _existing(price_list).active()
            return (PriceListArchived(),)
        case _:
            assert_never(command)


def _set_price(price_list: PriceList, command: SetPrice) -> tuple[PriceListEvent, ...]:
    if price_list.set_from(command.product_id, command.from_day) == command.price:
        return ()
    return (
        PriceSet(
            product_id=command.product_id,
            price=command.price,
            from_day=command.from_day,
        ),
    )


def evolve(price_list: PriceList | None, event: PriceListEvent) -> PriceList:
    """The list after the event."""
    match event:
        case PriceListRegistered():
            return PriceList(id=event.price_list_id, code=event.code, name=event.name)
        case PriceListDetailsChanged():
            return with_changes(_existing(price_list), event)
        case PriceSet():
            return _with_price(_existing(price_list), event)
        case PriceListArchived():
            return changed(_existing(price_list), archived=True)
        case _:
            assert_never(event)


def _with_price(price_list: PriceList, event: PriceSet) -> PriceList:
    by_day = dict(price_list.prices.get(event.product_id, ())) | {event.from_day: event.price}
    of_product = tuple(sorted(by_day.items(), key=lambda dated: dated[0]))
    return changed(price_list, prices={**price_list.prices, event.product_id: of_product})


def _existing(price_list: PriceList | None) -> PriceList:
    assert price_list is not None, "a price list is registered before anything else happens to it"
    return price_list
