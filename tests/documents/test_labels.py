"""A printed label is read by every decoder, at every size and resolution, and nothing is cut."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pytest
import zplkit
import zplkit.rendering
from attrs import evolve
from page import ValidationProfile, validate_pdf_bytes
from pypdfium2 import PdfDocument

from manchengo_documents.label_sizes import RollSize, SheetSize
from manchengo_documents.labels import (
    DOTS_PER_MM,
    PrintedLabel,
    label_roll,
    label_sheets,
)
from manchengo_documents.paper import Paper
from manchengo_documents.text_fitting import ELLIPSIS, Place, fit
from manchengo_documents.zpl import in_dots, label_zpl
from manchengo_presenters.labels import LabelText
from manchengo_qr.decoders import installed_decoders
from manchengo_qr.drawing import draw
from manchengo_qr.images import Picture
from manchengo_qr.payload import label_text
from manchengo_qr.reading import read_codes
from tests.support.labels import LOT, OURS

NOW = datetime(2026, 11, 29, 8, tzinfo=UTC)
SCANNED = label_text(LOT, OURS)
CHEESE = PrintedLabel(
    text=LabelText(
        kind="Lot produit fini",
        code="PF-2026-0457",
        title="Fromage Mansouri affiné à cœur",
        arabic_title="جبن المنصوري",
        facts=(("Fabriqué le", "27/11/2026"), ("À consommer jusqu’au", "25/02/2027")),
        note="Ingrédients : lait de vache pasteurisé, sel, présure, ferments lactiques.",
    ),
    modules=draw(SCANNED).rows,
)
LONG = evolve(
    CHEESE,
    text=evolve(
        CHEESE.text,
        code="MP-TELEPHONE-3-2026-000457-BIS-PLUS-LONG",
        title="Lait de vache cru entier de la ferme de la vallée de la Soummam supérieure",
        facts=(("Fournisseur", "Coopérative laitière du Djurdjura et des environs"),) * 9,
        note="Ingrédients : lait. " * 60,
    ),
)

SIZES = pytest.mark.parametrize("size", RollSize)
RESOLUTIONS = pytest.mark.parametrize("dpi", DOTS_PER_MM)
FOOD = evolve(
    CHEESE,
    text=evolve(
        CHEESE.text,
        facts=(
            ("Fabriqué le", "27/11/2026"),
            ("DLC", "25/02/2027"),
            ("À conserver à", "2 à 6 °C"),
            ("Quantité", "250 g"),
            ("Matière grasse", "45 % sur extrait sec"),
            ("Fabriqué par", "Fromagerie du Djurdjura"),
        ),
        arabic_names=(
            "تاريخ الصنع",
            "يستهلك قبل",
            "يحفظ في",
            "الكمية",
            "المادة الدسمة",
            "صنع من طرف",
        ),
        note="Ingrédients : Lait de vache, Sel, Présure. Contient : lait.",
        arabic_note="المكونات: حليب البقر، ملح، منفحة. يحتوي على: حليب.",
    ),
)
CROWDED = evolve(
    FOOD,
    text=evolve(
        FOOD.text,
        title="Fromage à pâte pressée non cuite façon Gouda affiné longuement à cœur de la Soummam",
        arabic_title="جبن معتق من وادي الصومام للمنتجين التقليديين",
        facts=(
            *FOOD.text.facts[:-1],
            ("Agrément", "15 123"),
            (
                "Fabriqué par",
                "Fromagerie artisanale du Djurdjura, Zone d'activité, 15000 Tizi Ouzou",
            ),
        ),
        arabic_names=(*FOOD.text.arabic_names[:-1], "رقم الاعتماد", "صنع من طرف"),
    ),
)
LABELS = pytest.mark.parametrize(
    "label", [CHEESE, LONG, FOOD, CROWDED], ids=["usual", "long", "food", "crowded"]
)


@SIZES
@RESOLUTIONS
@LABELS
def test_every_decoder_reads_what_a_label_printer_burns(
    size: RollSize, dpi: int, label: PrintedLabel
) -> None:
    pdf = label_roll([label], size=size, dpi=dpi, made_at=NOW)
    (burnt,) = pages(pdf, DOTS_PER_MM[dpi])
    assert [read_codes(burnt, [decoder]) for decoder in installed_decoders()] == [
        (SCANNED,) for _ in installed_decoders()
    ]


@SIZES
@RESOLUTIONS
def test_a_label_printer_burns_what_the_pdf_shows(size: RollSize, dpi: int) -> None:
    sent = label_zpl([CHEESE, LONG], size=size, dpi=dpi, made_at=NOW)
    pdf = label_roll([CHEESE, LONG], size=size, dpi=dpi, made_at=NOW)
    for burnt, shown in zip(burnt_by(sent), pages(pdf, DOTS_PER_MM[dpi]), strict=True):
        assert (burnt == np.where(shown <= 128, 0, 255)).all()
        assert read_codes(burnt) == (SCANNED,)


@RESOLUTIONS
def test_the_squares_of_a_code_are_whole_dots(dpi: int) -> None:
    (burnt,) = pages(
        label_roll([CHEESE], size=RollSize.SMALL, dpi=dpi, made_at=NOW), DOTS_PER_MM[dpi]
    )
    ink = burnt[:, : int(18.5 * DOTS_PER_MM[dpi])] < 128
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    top, left = rows[0], columns[0]
    side = {203: 4, 300: 6}[dpi]
    for row, squares in enumerate(CHEESE.modules):
        for column, black in enumerate(squares):
            y, x = top + row * side, left + column * side
            assert (ink[y : y + side, x : x + side] == black).all(), (row, column)


@pytest.mark.parametrize("size", SheetSize)
def test_a_sheet_has_every_label_where_one_is_left(size: SheetSize) -> None:
    count = size.layout.count
    pdf = label_sheets([CHEESE] * count, size=size, made_at=NOW, used=3)
    texts = [text_of(each) for each in PdfDocument(pdf)]
    assert [text.count("PF-2026-0457") for text in texts] == [count - 3, 3]


@pytest.mark.parametrize("size", SheetSize)
def test_every_code_of_a_sheet_is_read(size: SheetSize) -> None:
    labels = [CHEESE] * size.layout.count
    (sheet,) = pages(label_sheets(labels, size=size, made_at=NOW), 300 / 25.4)
    layout = size.layout
    for place in range(layout.count):
        row, column = divmod(place, layout.columns)
        across = [layout.left + each * layout.size.width for each in (column, column + 1)]
        down = [layout.top + each * layout.size.height for each in (row, row + 1)]
        (left, right), (top, bottom) = (
            [round(each * 300 / 25.4) for each in pair] for pair in (across, down)
        )
        assert read_codes(sheet[top:bottom, left:right]) == (SCANNED,), place


@SIZES
@LABELS
def test_nothing_reaches_the_edge_or_into_the_white_of_the_code(
    size: RollSize, label: PrintedLabel
) -> None:
    scale = DOTS_PER_MM[203]
    (burnt,) = pages(label_roll([label], size=size, dpi=203, made_at=NOW), scale)
    ink = burnt < 128
    edge = int(scale)
    assert not ink[:edge].any()
    assert not ink[-edge:].any()
    assert not ink[:, :edge].any()
    assert not ink[:, -edge:].any()


def test_the_words_can_be_copied_out() -> None:
    pdf = label_roll([CHEESE], size=RollSize.LARGE, dpi=203, made_at=NOW)
    (text,) = [text_of(each) for each in PdfDocument(pdf)]
    for word in ("PF-2026-0457", "affiné", "cœur", "25/02/2027", "présure"):
        assert word in text
    assert any("\u0600" <= letter <= "\u06ff" for letter in text)


@pytest.mark.parametrize("size", [RollSize.LARGE, SheetSize.TEN], ids=str)
def test_every_word_of_a_label_in_two_scripts_can_be_read(size: RollSize | SheetSize) -> None:
    if isinstance(size, RollSize):
        pdf = label_roll([FOOD, FOOD], size=size, dpi=300, made_at=NOW)
    else:
        pdf = label_sheets([FOOD, FOOD], size=size, made_at=NOW)
    text = " ".join(text_of(each) for each in PdfDocument(pdf))
    for name, value in FOOD.text.facts:
        for word in (*name.split(), *value.split()):
            assert word in text, word


@pytest.mark.parametrize("size", [RollSize.LARGE, SheetSize.TEN], ids=str)
def test_long_names_leave_room_for_the_ingredients_in_both_scripts(
    size: RollSize | SheetSize,
) -> None:
    if isinstance(size, RollSize):
        pdf = label_roll([CROWDED], size=size, dpi=203, made_at=NOW)
    else:
        pdf = label_sheets([CROWDED], size=size, made_at=NOW)
    (text,) = (text_of(each) for each in PdfDocument(pdf))
    assert "Contient : lait." in text
    assert "المكونات" in text
    assert "15000 Tizi" in " ".join(text.split())
    assert ELLIPSIS not in text


def test_the_same_label_is_the_same_file_in_any_time_zone() -> None:
    algiers = NOW.astimezone(timezone(timedelta(hours=1)))
    first = label_roll([CHEESE], size=RollSize.SMALL, dpi=203, made_at=NOW)
    again = label_roll([CHEESE], size=RollSize.SMALL, dpi=203, made_at=algiers)
    assert first == again


def test_a_label_keeps_to_pdf_a() -> None:
    pdf = label_sheets([CHEESE, LONG], size=SheetSize.TEN, made_at=NOW)
    report = validate_pdf_bytes(pdf, profile=ValidationProfile.PDF_A_3U)
    assert [f"{each.rule_id} {each.message}" for each in report.failures] == []


class TestFitting:
    PAPER = Paper((400, 240), unit=72 / 203.2, title="", made_at=NOW)

    def test_a_short_text_is_large(self) -> None:
        fitted = fit(self.PAPER, "Lait", Place(width=200, largest=12, smallest=4))
        assert (fitted.lines, fitted.points) == (("Lait",), 12)

    def test_a_longer_one_is_smaller_and_then_on_two_lines(self) -> None:
        place = Place(width=200, largest=12, smallest=11, lines=2)
        fitted = fit(self.PAPER, "Fromage affiné à cœur", place)
        assert " ".join(fitted.lines) == "Fromage affiné à cœur"
        assert len(fitted.lines) == 2

    def test_what_does_not_fit_says_that_something_is_missing(self) -> None:
        fitted = fit(self.PAPER, "Fromage " * 40, Place(width=200, largest=12, smallest=8))
        assert fitted.points == 8
        (line,) = fitted.lines
        assert line.endswith(ELLIPSIS)
        assert self.PAPER.width_of(line, 8) <= 200

    def test_a_single_word_that_is_too_long_leaves_no_empty_line(self) -> None:
        fitted = fit(self.PAPER, "MP" * 60, Place(width=200, largest=12, smallest=8, lines=2))
        (line,) = fitted.lines
        assert line.endswith(ELLIPSIS)
        assert self.PAPER.width_of(line, 8) <= 200 < self.PAPER.width_of(f"{line}MP", 8)

    def test_what_is_left_for_the_last_line_is_cut_there(self) -> None:
        place = Place(width=200, largest=8, smallest=8, lines=2)
        first, last = fit(self.PAPER, "Fromage " * 40, place).lines
        assert set(first.split()) == {"Fromage"}
        assert last.endswith(ELLIPSIS)
        assert all(self.PAPER.width_of(line, 8) <= 200 for line in (first, last))

    def test_a_number_is_not_parted_from_its_unit(self) -> None:
        place = Place(width=200, largest=12, smallest=12, lines=3)
        fitted = fit(self.PAPER, "Quantité nette 1\u202f250,5\u00a0kg", place)
        assert "1\u202f250,5\u00a0kg" in fitted.lines

    def test_nothing_is_written_for_nothing(self) -> None:
        assert fit(self.PAPER, "", Place(width=9, largest=12, smallest=4)).lines == ()


# ---------------------------------------------------------------- looking at what was made


def pages(pdf: bytes, dots_per_mm: float) -> list[Picture]:
    return [np.asarray(image, dtype=np.uint8) for image in in_dots(pdf, dots_per_mm)]


def text_of(sheet: Any) -> str:
    text: str = sheet.get_textpage().get_text_bounded()
    return text


def burnt_by(sent: bytes) -> Iterator[Picture]:
    """The dots that a printer burns for these commands, as an emulator of one says."""
    limits = zplkit.rendering.Limits(graphic_bytes=1 << 20)
    rendered = zplkit.render(sent, limits=limits)
    assert not rendered.warnings
    for scene in rendered.labels:
        raster = scene.rasterize()
        yield np.frombuffer(raster.pixels, np.uint8).reshape(raster.height, raster.width)
