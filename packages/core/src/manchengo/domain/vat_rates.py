"""The rates of TVA: dated rows, each with its source. A line of a bill names the row it bears."""

from datetime import date

from attrs import frozen

from manchengo.domain.product import VatClass
from manchengo.domain.values import Percent


@frozen(kw_only=True)
class VatRate:
    """``rule``: the identifier that lines keep. ``since``: its first day."""

    rule: str
    vat_class: VatClass
    since: date
    rate: Percent
    source: str


RATES = (
    VatRate(
        rule="tva.normal@2017",
        vat_class=VatClass.NORMAL,
        since=date(2017, 1, 1),
        rate=Percent(1_900),
        source="CTCA art. 21, LF 2017",
    ),
    VatRate(
        rule="tva.reduced@2017",
        vat_class=VatClass.REDUCED,
        since=date(2017, 1, 1),
        rate=Percent(900),
        source="CTCA art. 23, LF 2017",
    ),
    VatRate(
        rule="tva.exempt@2017",
        vat_class=VatClass.EXEMPT,
        since=date(2017, 1, 1),
        rate=Percent(0),
        source="CTCA art. 9",
    ),
)
"""A new rate is a new row; the old ones stay, since issued bills bear them."""


def vat_rate(vat_class: VatClass, on: date) -> VatRate:
    """The rate of that class on that day; on a day before all of them, the first."""
    of_class = sorted(
        (each for each in RATES if each.vat_class is vat_class), key=lambda each: each.since
    )
    in_force = [each for each in of_class if each.since <= on]
    return in_force[-1] if in_force else of_class[0]
