"""Cells and options that must hold one of a few words, read in one way wherever they are typed."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from manchengo.domain.allocation import Policy
from manchengo.domain.product import ProductKind, VatClass
from manchengo.domain.values import Unit
from manchengo_presenters import parsing
from manchengo_presenters.language import _
from manchengo_presenters.spelling import fold

T = TypeVar("T")


class NotAChoice(ValueError):
    """The cell must hold one of a few words, and holds another."""

    rule = "not_a_choice"

    def __init__(self, value: str, choices: tuple[str, ...]) -> None:
        super().__init__(value, choices)
        self.value = value
        self.choices = choices

    def __str__(self) -> str:
        return _("Write one of these: {choices}.").format(choices=", ".join(self.choices))


def choice(words: Mapping[str, T], *, shown: Sequence[str]) -> Callable[[str], T]:
    """A parser for a few words, typed in any case, with or without accents."""
    table = {fold(word): value for word, value in words.items()}

    def parse(text: str) -> T:
        """The value that the text names. Raises ``NotAChoice``."""
        written = parsing.code(text)
        found = table.get(fold(written))
        if found is None:
            raise NotAChoice(text, tuple(shown))
        return found

    return parse


VAT_WORDS = {
    **dict.fromkeys(("normal", "normale", "standard"), VatClass.NORMAL),
    **dict.fromkeys(("réduit", "réduite", "reduced"), VatClass.REDUCED),
    **dict.fromkeys(("exonéré", "exonérée", "exempt", "exempté"), VatClass.EXEMPT),
}
VAT_RATES = {1900: VatClass.NORMAL, 900: VatClass.REDUCED, 0: VatClass.EXEMPT}
VAT_SHOWN = ("normal", "réduit", "exonéré", "19", "9", "0", "19 %")

_vat_word = choice(VAT_WORDS, shown=VAT_SHOWN)


def vat_class(text: str) -> VatClass:
    """By its name, in French or English, or by its rate in percent."""
    if not any(sign.isdigit() for sign in text):
        return _vat_word(text)
    found = VAT_RATES.get(parsing.percent(text))
    if found is None:
        raise NotAChoice(text, VAT_SHOWN)
    return found


UNITS: Mapping[str, Unit] = {
    **{unit.value: unit for unit in Unit},
    **dict.fromkeys(("kilo", "kilogramme", "kilogram"), Unit.KG),
    **dict.fromkeys(("gr", "gramme", "gram"), Unit.G),
    **dict.fromkeys(("litre", "litres", "liter", "liters"), Unit.L),
    **dict.fromkeys(("millilitre", "milliliter"), Unit.ML),
    **dict.fromkeys(("pièces", "pieces", "pce", "pcs", "unité", "unit"), Unit.PIECE),
    **dict.fromkeys(("cartons",), Unit.CARTON),
}
KINDS = {
    **dict.fromkeys(("MP", "matière première", "raw", "raw material"), ProductKind.RAW),
    **dict.fromkeys(("PF", "produit fini", "finished", "finished product"), ProductKind.FINISHED),
}
YES_OR_NO = {
    **dict.fromkeys(("oui", "o", "vrai", "yes", "y", "true", "1"), True),
    **dict.fromkeys(("non", "n", "faux", "no", "false", "0"), False),
}

unit = choice(UNITS, shown=tuple(Unit))
policy = choice({each.value: each for each in Policy}, shown=[each.value for each in Policy])
yes_or_no = choice(YES_OR_NO, shown=("oui", "non"))
product_kind = choice(KINDS, shown=("MP", "PF"))
