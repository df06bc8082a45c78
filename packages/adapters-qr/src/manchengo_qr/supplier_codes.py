"""The codes that suppliers print: GS1 element strings and GS1 Digital Links, from any symbol."""

import re
from datetime import date

from attrs import frozen
from biip import ParseError, parse
from biip.gs1_element_strings import GS1ElementString, GS1ElementStrings
from biip.gs1_messages import GS1Message

from manchengo.domain.errors import Refused
from manchengo.domain.gtin import gtin_given

_LINK = re.compile(r"(?:\][A-Za-z]\d)?(https?://[^/]*)", re.IGNORECASE)
"""How a link begins: perhaps with what a scanner says of the symbol, and in capitals where that
makes the symbol smaller.
"""
_LONGEST_GTIN = 14
_GTINS = ("01", "02")
_BATCH, _PRODUCED, _BEST_BEFORE, _EXPIRY = "10", "11", "15", "17"


@frozen(kw_only=True)
class SupplierCode:
    """What a supplier's code says of the goods, to be proposed where they are received.

    ``gtin``: the digits of the article. ``batch``: the supplier's own lot. ``produced_on``,
    ``expires_on`` (not to be used after), ``best_before``. Empty or nothing: the code does not say.
    """

    gtin: str = ""
    batch: str = ""
    produced_on: date | None = None
    best_before: date | None = None
    expires_on: date | None = None

    @property
    def last_day(self) -> date | None:
        """The last day of the goods, as the supplier says."""
        return self.expires_on or self.best_before

    def __bool__(self) -> bool:
        return self != SupplierCode()


def read_supplier_code(text: str) -> SupplierCode:
    """What this code says, as scanned, or as printed beside it: ``(01)…(10)…``. An empty one where
    it is no code of GS1, or is damaged.
    """
    scanned = text.strip()
    if scanned.isdigit() and len(scanned) <= _LONGEST_GTIN:
        return SupplierCode(gtin=_article(scanned))
    try:
        if scanned.startswith("("):
            return _from_elements(GS1Message.parse_hri(scanned).element_strings)
        parsed = parse(_LINK.sub(lambda link: link[1].lower(), scanned, count=1))
    except ParseError:
        return SupplierCode()
    message = parsed.gs1_digital_link_uri or parsed.gs1_message
    if message is not None:
        return _from_elements(message.element_strings)
    return SupplierCode(gtin=parsed.gtin.value if parsed.gtin else "")


def _article(digits: str) -> str:
    try:
        return gtin_given(digits)
    except Refused:
        return ""


def _from_elements(elements: GS1ElementStrings) -> SupplierCode:
    found = {element.ai.ai: element for element in reversed(elements)}
    articles = [found[ai].gtin for ai in _GTINS if ai in found]
    if None in articles:  # its check digit is wrong: what else it says is not to be trusted either
        return SupplierCode()
    gtin = next(filter(None, articles), None)
    batch = found.get(_BATCH)
    return SupplierCode(
        gtin=gtin.value if gtin else "",
        batch=batch.value if batch else "",
        produced_on=_day(found.get(_PRODUCED)),
        best_before=_day(found.get(_BEST_BEFORE)),
        expires_on=_day(found.get(_EXPIRY)),
    )


def _day(element: GS1ElementString | None) -> date | None:
    return element.date if element else None
