"""A whole day of the office in a browser, beside a telephone and their server: from the first start
to the recall, on one encrypted database.
"""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from attrs import define
from playwright.sync_api import Browser
from pypdfium2 import PdfDocument

from manchengo import MemoryStore, SystemClock, Uuid7Ids
from manchengo_server.service import Service
from tests.screens.working import begin_dairy, manchengo, sign_in, surroundings
from tests.support.browser import Screens, served
from tests.support.importing import IN_ORDER, SAMPLE
from tests.support.server import served as server_of

pytestmark = pytest.mark.campaign

CLIENT = "Grossiste Nait 1 (C0001)"
SUPPLIER = "Ferme Ouali 17 (F017)"
CHEESE = "Fromage frais pot 250 g (FRAIS-250)"
MILK = "Lait cru de vache (LAIT-V)"


@define
class Plant:
    """The office with its screens, a telephone at the command line, and their server."""

    place: Path
    screens: Screens
    address: str
    code: str

    def on_phone(self, *words: str) -> str:
        return manchengo(self.place, *words, MANCHENGO_DB=str(self.place / "telephone.db"))


@pytest.fixture
def plant(place: Path, browser: Browser) -> Iterator[Plant]:
    service = Service.found(MemoryStore(), "Djurdjura", clock=SystemClock(), ids=Uuid7Ids())
    with server_of(service) as at, served(environment=surroundings(place)) as url:
        screens = Screens(browser, url, height=1080)  # the whole navigation is in sight
        yield Plant(place, screens, at.url, service.first_code().code)
        screens.close()


def test_a_whole_day(plant: Plant) -> None:
    screens = plant.screens
    begin_dairy(screens)
    sign_in(screens)
    joins_the_server(plant)
    brings_the_year_in(plant)
    milk, label = receives_milk(plant)
    the_telephone_takes_some_of(plant, milk)
    cheese = makes_cheese(plant, milk, label)
    delivers(plant, cheese)
    decides_what_the_telephone_brings(plant, milk)
    practises_a_recall(plant, milk)


def joins_the_server(plant: Plant) -> None:
    screens = plant.screens
    screens.press("exchange")
    screens.type("address", plant.address)
    screens.type("code", plant.code)
    screens.type("device", "bureau")
    screens.press("join")
    screens.see("exchanged", "Envoyé")


def brings_the_year_in(plant: Plant) -> None:
    """The sample year, whose lots have expired since; then what is there today."""
    screens = plant.screens
    screens.go("imports")
    for name in IN_ORDER.values():
        bring_in(screens, SAMPLE / f"{name}.csv")
    today = SystemClock().today()
    later = today + timedelta(days=200)
    file = plant.place / "aujourdhui.csv"
    file.write_text(
        "lot;produit;fournisseur;date_reception;date_peremption;quantite;prix_unitaire\n"
        f"MP-PRES;PRESURE;F017;{today:%d/%m/%Y};{later:%d/%m/%Y};1;2400\n"
        f"MP-FERM;FERM-M;F017;{today:%d/%m/%Y};{later:%d/%m/%Y};1;15500\n",
        encoding="utf-8",
    )
    bring_in(screens, file)


def bring_in(screens: Screens, file: Path) -> None:
    screens.pick("choose-file", file)
    screens.press("bring-in")
    screens.see("undo-result")  # one order lacks rennet, and is refused
    screens.press("put-away")
    screens.see(f"import-{file.name}")


def receives_milk(plant: Plant) -> tuple[str, Path]:
    """Its code, and a picture of its label."""
    screens = plant.screens
    screens.go("receptions")
    screens.choose("supplier", SUPPLIER)
    screens.choose("product", MILK)
    screens.type("quantity", "200")
    screens.press("receive")
    said = screens.see("toast", "200\u00a0L").inner_text()
    code = re.search(r"MP-\d{8}-[\w-]+", said)
    assert code is not None, said
    printed = screens.saved("save-label", plant.place)
    picture = plant.place / "etiquette.png"
    PdfDocument(printed)[0].render(scale=4).to_pil().save(picture)
    screens.press("label-later")
    return code[0], picture


def the_telephone_takes_some_of(plant: Plant, milk: str) -> None:
    """Out of reach of the server, it pours away what the office will have made cheese of."""
    manchengo(plant.place, "user", "add", "karim", "appro")
    manchengo(plant.place, "sync")
    code = json.loads(manchengo(plant.place, "devices", "code", "karim", "--json"))["code"]
    joining = ("--join", plant.address, "--code", code, "--name", "telephone")
    plant.on_phone("init", *joining)
    plant.on_phone("write-off", milk, "150", "--reason", "bidon renversé")


def makes_cheese(plant: Plant, milk: str, label: Path) -> str:
    """A hundred pots are planned; the milk is poured by its label. The code of what came out."""
    screens = plant.screens
    screens.go("production")
    screens.press("plan")
    screens.choose("product", CHEESE)
    screens.type("quantity", "100")
    screens.press("record-plan")
    screens.press("step-start")
    screens.see("step-pour")
    screens.press("find-anything")
    screens.pick("scan-picture", label)
    screens.press("record-step")
    screens.see("toast", milk)
    screens.gone("record-step")
    for _material in range(4):
        screens.press_for("step-pour", "record-step")
        screens.press("record-step")
        screens.gone("record-step")
    screens.press_for("step-complete", "obtained")
    screens.type("obtained", "98")
    screens.press("record-step")
    screens.see("state", "terminé")
    return screens.code_of_first("made-")


def delivers(plant: Plant, cheese: str) -> None:
    screens = plant.screens
    screens.go("sales")
    screens.press("new-sale")
    screens.choose("client", CLIENT)
    screens.choose("product", CHEESE)
    screens.type("quantity", "60")
    screens.press("add-line")
    screens.press("reserve")
    screens.see("reserved", cheese)
    screens.go("deliveries")
    screens.press("new-delivery")
    order = screens.code_of_first("sale-")
    screens.press(f"sale-{order}")
    screens.press(f"load-{cheese}")
    screens.see(f"unload-{cheese}")
    screens.press("step-dispatch")
    screens.type("carrier", "Karim")
    screens.press("decide")
    screens.press("step-receive")
    screens.type("received_by", "M. Nait")
    screens.press("decide")
    screens.see("state", "reçu")


def decides_what_the_telephone_brings(plant: Plant, milk: str) -> None:
    screens = plant.screens
    plant.on_phone("sync")
    screens.go("conflicts")
    item = screens.code_of_first("conflict-")
    screens.press(f"conflict-{item}")
    screens.see("why", milk)
    screens.see("here", "150\u00a0L")
    screens.press("way-void")
    screens.type("reason", "déjà versé dans la cuve")
    screens.press("decide")
    screens.see("closed", "déjà versé")


def practises_a_recall(plant: Plant, milk: str) -> None:
    """Of the milk, which went into the cheese: nothing is set aside."""
    screens = plant.screens
    screens.go("recall")
    screens.type("reference", milk)
    screens.press("look")
    screens.see("reach", "2 lots")
    screens.press("drill")
    screens.press("end-drill")
    screens.see("drilled", "minute")
