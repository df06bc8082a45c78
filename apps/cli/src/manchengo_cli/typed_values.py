"""What may be typed: how the help calls it, how it is read, and what a shell completes it with.

An argument or option of a command is one of these with its own explanation, as in
``DATE.option("--wanted", N_("Day by which the client wants it."))``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import typer

from manchengo_cli import parameters
from manchengo_cli.completion import Offers, of_that_register, offering
from manchengo_presenters.language import N_


@dataclass(frozen=True)
class TypedValue:
    """``metavar``: what stands for it in the help. ``parser``: makes the value of the text; where
    there is none, it stays text, or becomes a path.
    """

    metavar: str
    parser: Callable[[str], Any] | None = None
    offers: Offers | None = None

    def argument(self, explanation: str | None = None) -> Any:
        """The metadata of an argument: it is typed by its place."""
        return typer.Argument(
            metavar=self.metavar,
            parser=self.parser,
            autocompletion=self.offers,
            help=explanation,
        )

    def option(self, name: str, explanation: str | None = None) -> Any:
        """The metadata of an option of that name."""
        return typer.Option(
            name,
            metavar=self.metavar,
            parser=self.parser,
            autocompletion=self.offers,
            help=explanation,
        )


def one_of(*names: str) -> TypedValue:
    """A word of a short list."""
    return TypedValue("|".join(names), parameters.one_of(*names))


def flag(name: str, explanation: str) -> Any:
    """The metadata of an option without a value."""
    return typer.Option(name, help=explanation)


TEXT = TypedValue(N_("TEXT"), parameters.text)
WORDS = TypedValue(N_("WORDS"), parameters.text)
NAME = TypedValue(N_("NAME"), parameters.name)
NAME_OR_NONE = TypedValue(N_("NAME"), parameters.text)
DATE = TypedValue(N_("DATE"), parameters.day)
COUNT = TypedValue(N_("COUNT"), parameters.count)
NUMBER = TypedValue(N_("NUMBER"), parameters.count)
QUANTITY = TypedValue(N_("QUANTITY"), parameters.measure)
AMOUNT = TypedValue(N_("AMOUNT"), parameters.price)
PERCENT = TypedValue(N_("PERCENT"), parameters.percent)
IDENTIFIER = TypedValue("ID", parameters.hexadecimal)
DEVICE = TypedValue(N_("DEVICE"), parameters.name)
FILE = TypedValue(N_("FILE"))

CODE = TypedValue(N_("CODE"), parameters.code)
"""A code that is new, or of anything."""

SCANNED = TypedValue(N_("CODE"), parameters.scanned)
REGISTERED = TypedValue(N_("CODE"), parameters.code, of_that_register)
PRODUCT = TypedValue(N_("PRODUCT"), parameters.code, offering("product"))
RAW_MATERIAL = TypedValue(N_("PRODUCT"), parameters.code, offering("raw_material"))
FINISHED_PRODUCT = TypedValue(N_("PRODUCT"), parameters.code, offering("finished_product"))
SUPPLIER = TypedValue(N_("SUPPLIER"), parameters.code, offering("supplier"))
CLIENT = TypedValue(N_("CLIENT"), parameters.code, offering("client"))
LOT = TypedValue(N_("LOT"), parameters.code, offering("lot"))
RAW_LOT = TypedValue(N_("LOT"), parameters.code, offering("raw_lot"))
PRODUCTION_ORDER = TypedValue(N_("ORDER"), parameters.code, offering("production_order"))
SALES_ORDER = TypedValue(N_("SALES-ORDER"), parameters.code, offering("sales_order"))
DELIVERY = TypedValue(N_("DELIVERY"), parameters.code, offering("delivery"))
REFERENCE = TypedValue(N_("REFERENCE"), parameters.text, offering("reference"))
LABELLED = TypedValue(N_("CODE"), parameters.code, offering("lot"))
"""What bears a label."""

INGREDIENT_LINE = TypedValue(
    N_("INGREDIENT=QUANTITY"), parameters.line, offering("product", then="=")
)
BY_PRODUCT_LINE = TypedValue(N_("PRODUCT=QUANTITY"), parameters.line, offering("product", then="="))
ORDER_LINE = TypedValue(
    N_("PRODUCT=QUANTITY[@PRICE]"), parameters.line, offering("finished_product", then="=")
)
RETURN_LINE = TypedValue(N_("LOT=QUANTITY"), parameters.line, offering("finished_lot", then="="))
