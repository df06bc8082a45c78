"""A stored name: the class it is today, and the way there from each past version.

A name never changes, so that a class may be renamed; a version is readable for ever: an upcaster
turns the JSON of one version into that of the next, step by step, until it is today's.
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from attrs import field, frozen

Json = dict[str, Any]
Upcaster = Callable[[Json], Json]
T = TypeVar("T")


@frozen
class Schema(Generic[T]):
    """``upcasters``: one from each past version to the next, the oldest first.

    The version is the number of upcasters plus one: it cannot be bumped without one.
    """

    type: type[T]
    upcasters: tuple[Upcaster, ...] = field(default=(), kw_only=True)

    @property
    def version(self) -> int:
        """The version that this program writes, from 1."""
        return len(self.upcasters) + 1


def before_opening_stock(document: Json) -> Json:
    """Version 1 of an import knew no opening stock; what it says means the same today."""
    return document


def before_undoing_in_parts(document: Json) -> Json:
    """Version 1 undid an import whole."""
    return document | {"back_to": None}


def before_price_files(document: Json) -> Json:
    """Version 2 of an import knew no file of prices; what it says means the same today."""
    return document


def before_accepting(document: Json) -> Json:
    """Version 1 of a decision knew four ways; what it says means the same today."""
    return document


def before_possession(document: Json) -> Json:
    """Version 1 of an admission did not show that the person has the key."""
    return document | {"proof": ""}


def before_keys_went_along(document: Json) -> Json:
    """Version 1 of the withdrawal of a device left people the keys that they have there."""
    return document | {"withdraws_keys": False}


def before_what_was_seen(document: Json) -> Json:
    """Version 1 of the demand that all sign let every enrolment before it in the log count; from
    version 2 on, only those that its author had seen.
    """
    return document


def before_a_last_unsigned_day(document: Json) -> Json:
    """Before, who never had a key could go on without one for ever."""
    return document | {"unsigned_until": None}


def before_prices_per(document: Json) -> Json:
    """Version 1 knew the price of one unit only: its own, or that of each of its lines."""
    upcast = _for_one(document)
    if "lines" in upcast:
        upcast["lines"] = [_for_one(line) for line in upcast["lines"]]
    return upcast


def before_wanted_days(document: Json) -> Json:
    """Version 2 of an order did not say by when the client wants it."""
    return document | {"wanted_on": None}


def before_price_lists(document: Json) -> Json:
    """Version 1 of a client had no price list: the products' own prices held."""
    return document | {"price_list": ""}


def leaving_the_price_list(document: Json) -> Json:
    """Version 1 of a change of a client left the price list as it was."""
    return document | {"price_list": None}


LABELLING = ("net_quantity", "storage", "fat", "allergens", "allergens_ar")
"""What the label of a product says besides its name."""


def before_labelling(document: Json) -> Json:
    """Version 2 of a product did not say what its label says."""
    return document | dict.fromkeys(LABELLING, "")


def leaving_the_labelling(document: Json) -> Json:
    """Version 2 of a change of a product left what its label says."""
    return document | dict.fromkeys(LABELLING, None)


def before_short_reasons(document: Json) -> Json:
    """Version 1 of a departure did not say why the van left with less."""
    return document | {"short_reason": ""}


def _for_one(document: Json) -> Json:
    prices = {name: document.get(name) for name in ("price", "unit_price")}
    return document | {name: price | {"per": 1} for name, price in prices.items() if price}
