"""Labels printed by a person: which, in which form, and that no file is lost by it."""

from pathlib import Path

import pytest
from pypdfium2 import PdfDocument

from manchengo.commands import RequestLabelKeys
from manchengo.domain.ids import DeviceId
from manchengo.domain.label import LabelKind
from manchengo.ports.store import Transaction
from manchengo_cli.commands.labels import RESOLUTIONS, SHEETS, SIZES
from manchengo_documents.label_sizes import RollSize, SheetSize
from manchengo_documents.labels import DOTS_PER_MM
from manchengo_qr.payload import read_label
from manchengo_qr.reading import read_codes
from manchengo_sqlite import SqliteStore
from manchengo_sync import sealing
from manchengo_workplace import label_keys, label_subjects
from tests.cli.conftest import DAY
from tests.cli.running import asked, done, one_line, run
from tests.documents.test_labels import pages

PDF = "etiquettes.pdf"


def codes_in(pdf: Path) -> list[str]:
    """What a label printer burns of each page, read again."""
    read = [read_codes(page) for page in pages(pdf.read_bytes(), 8.0)]
    assert all(len(found) == 1 for found in read), "one code to a page"
    return [found[0] for found in read]


def text_in(pdf: Path) -> str:
    with PdfDocument(pdf.read_bytes()) as document:
        return one_line(" ".join(page.get_textpage().get_text_bounded() for page in document))


def test_a_label_for_each_thing_says_its_kind_and_is_read_again(dairy: Path) -> None:
    printed = asked("labels", "L1", "pf-of-1", "OF-1", "BL-1", "--to", PDF)["printed"]
    assert [(each["kind"], each["code"]) for each in printed] == [
        ("LOT_MP", "L1"),
        ("LOT_PF", "PF-OF-1"),
        ("ORDER", "OF-1"),
        ("DELIVERY", "BL-1"),
    ]
    read = codes_in(Path(PDF))
    assert read == [each["payload"] for each in printed]
    with SqliteStore.open(dairy, key=None) as store, store.reading() as snapshot:
        keys = label_keys.site_keys(snapshot)
        labels = [read_label(text, keys) for text in read]
        found = [label_subjects.subject_of(snapshot, label) for label in labels]
    assert [label.kind for label in labels] == list(LabelKind)
    assert [row.code if row else None for row in found] == ["L1", "PF-OF-1", "OF-1", "BL-1"]


@pytest.mark.usefixtures("dairy")
def test_a_label_says_what_people_must_know() -> None:
    done("labels", "L1", "PF-OF-1", "OF-1", "BL-1", "--to", PDF)
    text = text_in(Path(PDF)).replace("\u202f", " ").replace("\xa0", " ")
    for line in (
        *("Lot de matière première", "Reçu le 20/11/2026", "DLC 24/11/2026", "600 L", "Djebbar"),
        *("Lot de produit fini", "Fabriqué le 20/11/2026", "20/03/2027", "97,3 kg"),
        *("Ingrédients : Lait, Sel.", "Ordre de fabrication", "Prévu 100 kg"),
        *("Bon de livraison", "Ziani", "Commande client CC-1", "Chauffeur Karim"),
    ):
        assert line in text, (line, text)


@pytest.mark.usefixtures("dairy")
def test_all_lots_of_a_day_on_sheets_behind_the_labels_that_are_gone() -> None:
    ran = asked("labels", "S1", "--entered-on", DAY, "--sheet", "24", "--used", "23", "--to", PDF)
    assert [each["code"] for each in ran["printed"]] == ["S1", "L1", "L2", "PF-OF-1"]
    with PdfDocument(Path(PDF).read_bytes()) as document:
        assert len(document) == 2
    assert one_line(done("labels", "L1", "--copies", "3", "--to", "b.pdf").out).startswith("3 ")
    assert len(codes_in(Path("b.pdf"))) == 3


@pytest.mark.usefixtures("dairy")
def test_a_label_printer_takes_zpl() -> None:
    done("labels", "L1", "L2", "--size", "50x30", "--to", "etiquettes.zpl")
    assert Path("etiquettes.zpl").read_bytes().count(b"^XA") == 2


@pytest.mark.usefixtures("dairy")
def test_a_file_that_is_there_stays_unless_it_may_go() -> None:
    Path(PDF).write_bytes(b"a letter")
    ran = run("labels", "L1", "--to", PDF, "--json")
    assert (ran.code, ran.fault["error"]) == (3, "AlreadyThere")
    assert Path(PDF).read_bytes() == b"a letter"
    done("labels", "L1", "--to", PDF, "--force")
    assert len(codes_in(Path(PDF))) == 1
    assert [path.name for path in Path().glob("*.draft")] == []


@pytest.mark.usefixtures("dairy")
@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("labels L9 --to a.pdf", "Unknown"),
        ("labels --to a.pdf", "NothingToPrint"),
        ("labels --entered-on 2026-01-01 --to a.pdf", "NothingToPrint"),
        ("labels L1 --to a.png", "UnknownForm"),
        ("labels L1 --sheet 24 --to a.zpl", "SheetsArePdf"),
        ("labels L1 --sheet 24 --used 24 --to a.pdf", "NoPlaceLeft"),
        ("labels L1 --used 2 --to a.pdf", "NoPlaceLeft"),
        ("labels L1 --copies 2001 --to a.pdf", "TooManyLabels"),
    ],
)
def test_what_cannot_be_printed_says_why_and_writes_nothing(words: str, error: str) -> None:
    ran = run(*words.split(), "--json")
    assert ran.code != 0
    assert ran.fault["error"] == error
    assert list(Path().glob("a.*")) == []


def test_a_device_without_the_key_prints_nothing_that_nobody_could_read(dairy: Path) -> None:
    with SqliteStore.open(dairy, key=None) as store, store.writing() as transaction:
        transaction.set_setting(label_keys.BOX_KEY, sealing.new_key())
    ran = run("labels", "L1", "--to", PDF, "--json")
    assert (ran.code, ran.fault["error"]) == (2, "NoLabelKeyHere")
    assert not Path(PDF).exists()
    done("label-keys", "make")
    assert len(asked("labels", "L1", "--to", PDF)["printed"]) == 1


def test_a_plant_of_before_has_its_key_with_the_first_label_of_an_administrator(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def as_before(transaction: Transaction, device_id: DeviceId) -> RequestLabelKeys:
        box_key = label_keys.public_box_key(transaction)
        return RequestLabelKeys(device_id=device_id, box_key=box_key)

    monkeypatch.setattr(label_keys, "first_key", as_before)
    database = ("--db", str(tmp_path / "avant.db"))
    done("init", *database, "--admin", "amina", "--clear")
    done("login", *database)
    done("product", "add", "SEL", "Sel", "--kind", "MP", "--unit", "kg", *database)
    done("opening-stock", "SEL", "10", "--code", "S1", *database)
    arrives_at(database, "farid", "production")
    ran = run("--user", "farid", "labels", "S1", "--to", PDF, "--json", *database)
    assert (ran.code, ran.fault["error"]) == (2, "NoLabelKeyMade")
    assert asked("label-keys", *database)["keys"] == []
    done("labels", "S1", "--to", PDF, "--user", "amina", *database)
    assert [key["number"] for key in asked("label-keys", *database)["keys"]] == [1]


def arrives_at(database: tuple[str, str], name: str, role: str) -> None:
    done("user", "add", name, role, *database)
    done("passwd", name, *database)


@pytest.mark.usefixtures("dairy")
@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("receive SEL 5 --supplier F001 --code S2", "LOT_MP"),
        ("produce GOUDA 10 --code OF-2 --on 2026-11-21", "LOT_PF"),
        ("production plan GOUDA 10 --code OF-2", "ORDER"),
        ("delivery prepare CC-2 --code BL-2", "DELIVERY"),
        ("deliver CC-2 --code BL-2", "DELIVERY"),
    ],
)
def test_what_is_made_has_its_label_at_once(words: str, kind: str) -> None:
    assert asked(*words.split(), "--label", PDF)["labels"] == PDF
    (text,) = codes_in(Path(PDF))
    assert asked("scan", "--code", text)["scanned"]["kind"] == kind


@pytest.mark.usefixtures("dairy")
def test_a_lot_that_is_void_has_no_label_among_those_of_its_day() -> None:
    done("receive", "SEL", "5", "--supplier", "F001", "--code", "S2", "--on", DAY)
    done("void", "S2", "--reason", "saisi deux fois")
    printed = asked("labels", "--entered-on", DAY, "--to", PDF)["printed"]
    assert {"L1", "S1", "PF-OF-1"} <= {each["code"] for each in printed}
    assert "S2" not in {each["code"] for each in printed}


@pytest.mark.usefixtures("dairy")
def test_where_no_label_can_be_written_nothing_is_recorded() -> None:
    Path(PDF).write_bytes(b"a letter")
    for to, error in ((PDF, "AlreadyThere"), ("a.png", "UnknownForm")):
        ran = run("receive", "SEL", "5", "--supplier", "F001", "--label", to, "--json")
        assert ran.fault["error"] == error
    assert [lot["lot"] for lot in asked("lots") if lot["product"] == "SEL"] == ["S1"]


@pytest.mark.usefixtures("dairy")
def test_a_make_that_ends_has_a_label_for_each_lot() -> None:
    done("production", "plan", "GOUDA", "10", "--code", "OF-2", "--on", "2026-11-21")
    done("production", "start", "OF-2", "--on", "2026-11-21")
    done("production", "pour", "OF-2", "L2", "100", "--on", "2026-11-21")
    words = ("production", "complete", "OF-2", "--obtained", "9", "--on", "2026-11-21")
    out = one_line(done(*words, "--label", PDF).out)
    assert "1 étiquette écrite : etiquettes.pdf" in out


def test_every_form_that_is_drawn_can_be_asked_for() -> None:
    assert set(SIZES) == {size.value for size in RollSize}
    assert set(SHEETS) == {str(size.value) for size in SheetSize}
    assert set(RESOLUTIONS) == {str(dots) for dots in DOTS_PER_MM}


@pytest.mark.usefixtures("dairy")
def test_what_a_packet_says_is_typed_shown_and_printed() -> None:
    done("product", "change", "GOUDA", "--storage", "2 à 6 °C", "--net-quantity", "250 g")
    done("product", "change", "LAIT", "--allergens", "lait", "--allergens-ar", "حليب")
    shown = asked("product", "show", "GOUDA")
    assert (shown["storage"], shown["net_quantity"], shown["fat"]) == ("2 à 6 °C", "250 g", "")
    done("labels", "PF-OF-1", "--size", "100x50", "--to", "etiquette.pdf")
    with PdfDocument("etiquette.pdf") as pdf:
        printed = pdf[0].get_textpage().get_text_range()
    assert all(words in printed for words in ("2 à 6 °C", "250 g", "Contient", "lait"))


@pytest.mark.usefixtures("dairy")
def test_what_a_packet_says_is_imported() -> None:
    file = Path("produits.csv")
    header = "code;quantite_nette;conservation;matiere_grasse;allergenes;allergenes_ar\n"
    file.write_text(header + "GOUDA;250 g;4 °C;45 %;lait;حليب\n", "utf-8")
    done("import", "products", str(file), "--update")
    shown = asked("product", "show", "GOUDA")
    assert (shown["storage"], shown["fat"], shown["allergens_ar"]) == ("4 °C", "45 %", "حليب")
