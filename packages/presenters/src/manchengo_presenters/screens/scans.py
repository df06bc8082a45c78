"""Codes that were scanned: what they are stuck on, and what is said of those that lead nowhere."""

from datetime import date
from typing import Protocol
from uuid import UUID

from attrs import frozen

from manchengo.ports.rows import Row
from manchengo_presenters import words
from manchengo_presenters.language import _
from manchengo_presenters.scan_view import ScanView


@frozen(kw_only=True)
class Goods:
    """What a supplier printed on what it brings. ``product_id``: the material with that bar code;
    None where none has it. ``batch``: the supplier's lot; "" and None: the code does not say.
    """

    product_id: UUID | None
    batch: str
    last_day: date | None


@frozen(kw_only=True)
class Looked:
    """``view``: what the code is. ``rows`` and ``subject``: the kind and the id of what it is stuck
    on; None for a code that a supplier printed, which has ``goods``.
    """

    view: ScanView
    rows: type[Row] | None = None
    subject: UUID | None = None
    goods: Goods | None = None


class Scans(Protocol):
    """What screens ask about codes. Each method may take long, and raises ``Problem``."""

    def look(self, text: str) -> Looked | None:
        """What that code is; None where the same one was scanned a moment ago. The scan is
        recorded, also where it is refused.
        """
        ...

    def codes_in(self, picture: bytes, name: str) -> tuple[str, ...]:
        """The codes in a picture, at least one. ``name``: of its file."""
        ...


def sentence(view: ScanView) -> str:
    """What a code is, in one line: for one that leads to no screen."""
    kind = words.word(words.LABEL_KINDS, view.kind)
    head = " ".join(filter(None, [f"{kind} {view.code}".strip(), view.title and f"({view.title})"]))
    facts = [_("{name}: {value}").format(name=name, value=value) for name, value in view.facts]
    said = " · ".join([head, *facts])
    return " ".join([f"{said[:1].upper()}{said[1:]}.", *view.warnings])
