"""The types of values that a register's fields have. ``field_values`` reads and shows each.

This module and ``registers`` import nothing of the core: the command line asks them for its
options, and answers a question for help before the core could be loaded.
"""

from dataclasses import dataclass

from manchengo_presenters.language import N_


@dataclass(frozen=True, kw_only=True)
class FieldType:
    """``metavar``: what stands for the value in a usage line. ``may_be_empty``: an empty text is a
    value, and takes away what was there. ``is_figure``: aligned as figures are. ``is_flag``: given
    by its name alone. ``has_rows``: kept in rows of its own, and left out where entries are listed.
    """

    name: str
    metavar: str = ""
    may_be_empty: bool = False
    is_figure: bool = False
    is_flag: bool = False
    has_rows: bool = False


TEXT = FieldType(name="text", metavar=N_("TEXT"), may_be_empty=True)
CODE = FieldType(name="code", metavar=N_("CODE"), may_be_empty=True)
"""On one line, at most 64 characters; zeros at its beginning stay."""
DAYS = FieldType(name="days", metavar=N_("DAYS"), is_figure=True)
YES_OR_NO = FieldType(name="yes or no", is_flag=True)
PRICE = FieldType(name="price", metavar=N_("AMOUNT"), is_figure=True)
VAT_CLASS = FieldType(name="VAT class", metavar=N_("CLASS"))
POLICY = FieldType(name="policy", metavar="FIFO|FEFO")
PRODUCT_KIND = FieldType(name="product kind", metavar="MP|PF")
UNIT = FieldType(name="unit", metavar=N_("UNIT"))
PRODUCT_CODE = FieldType(name="product code", metavar=N_("PRODUCT"))
COUNT = FieldType(name="count")
QUANTITY = FieldType(name="quantity", metavar=N_("QUANTITY"), is_figure=True)
PERCENT = FieldType(name="percent", metavar=N_("PERCENT"))
DAY = FieldType(name="day", metavar=N_("DATE"))
PRICE_LIST = FieldType(name="price list", metavar=N_("LIST"), may_be_empty=True)
"""The code of one."""
PRICES = FieldType(name="prices", has_rows=True)
"""Of products, each in force from a day on."""
PARTS = FieldType(name="parts", has_rows=True)
"""Products, each with its quantity."""
