"""Names that strain a layout: those of the demonstration made long, or Arabic ones for them."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from unittest.mock import patch

from attrs import evolve

from manchengo_desktop import demo_days
from manchengo_desktop.demo_days import Material

Naming = Callable[[str], str]

TAIL = "du troupeau des hauts pâturages d’Aït Boumahdi, livraison du matin seulement"
ARABIC = {
    "Lait de vache cru": "حليب بقر خام من مزارع الجبل",
    "Lait de chèvre cru": "حليب ماعز خام",
    "Sel fin alimentaire": "ملح طعام ناعم",
    "Ail et fines herbes séchés": "ثوم وأعشاب مجففة",
    "Fromage frais nature": "جبن طازج طبيعي (250 غ)",
    demo_days.LONG_NAME: "جبن طازج بالثوم والأعشاب، علبة 150 غ",
    "Camembert de Draâ Ben Khedda": "كاممبير ذراع بن خدة",
    "Ferme Aït Oumeziane": "مزرعة آيت أومزيان",
    "Ferme Belkacem": "مزرعة بلقاسم",
    "Comptoir de Tizi Ouzou": "متجر تيزي وزو 15",
    "Épicerie Ziani": "بقالة زياني",
    "Hôtel Lalla Khedidja": "فندق لالة خديجة",
    "Supérette El Amel": "متجر الأمل",
    "Grossistes": "تجار الجملة (ولاية تيزي وزو 15)",
    "Hôtels et restaurants": "الفنادق والمطاعم",
}
"""Some have figures and brackets, which a line that mixes directions puts elsewhere."""


def long(name: str) -> str:
    """Longer than any column."""
    return f"{name} {TAIL}"


def arabic(name: str) -> str:
    """The Arabic one."""
    return ARABIC[name]


@contextmanager
def demo_named(naming: Naming) -> Iterator[None]:
    """The demonstration has such names as long as the block lasts."""
    with (
        _instead("MATERIALS", _named(demo_days.MATERIALS, naming)),
        _instead("PRODUCTS", _named(demo_days.PRODUCTS, naming)),
        _instead("SUPPLIERS", tuple(map(naming, demo_days.SUPPLIERS))),
        _instead("PRICE_LISTS", _lists(naming)),
        _instead("CLIENTS", tuple((naming(name), phone) for name, phone in demo_days.CLIENTS)),
    ):
        yield


def _lists(naming: Naming) -> tuple[object, ...]:
    return tuple((code, naming(name), prices) for code, name, prices in demo_days.PRICE_LISTS)


def _named(goods: Iterable[Material], naming: Naming) -> tuple[Material, ...]:
    return tuple(evolve(each, name=naming(each.name)) for each in goods)


def _instead(table: str, entries: tuple[object, ...]) -> AbstractContextManager[object]:
    return patch.object(demo_days, table, entries)
