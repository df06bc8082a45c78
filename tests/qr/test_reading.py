"""A printed label is read again, by every decoder, on good days; on bad days never wrongly."""

import os
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from manchengo_qr.camera import NoCamera, camera_frames, first_codes
from manchengo_qr.decoders import Decoder, installed_decoders
from manchengo_qr.drawing import block_letters, draw, picture, png
from manchengo_qr.images import NotAPicture, Picture, open_picture, read_picture
from manchengo_qr.payload import label_text
from manchengo_qr.reading import read_codes
from tests.support.labels import DAMAGES, LOT, OURS, damaged

TEXT = label_text(LOT, OURS)
LABEL = picture(draw(TEXT), module=8)
WHITE = np.full((480, 640), 255, np.uint8)

DECODERS = installed_decoders()


@pytest.fixture(params=DECODERS, ids=lambda decoder: decoder.name)
def decoder(request: pytest.FixtureRequest) -> Decoder:
    chosen: Decoder = request.param
    return chosen


def test_the_smallest_label_fits_the_third_version() -> None:
    assert draw(TEXT).side == 29
    assert draw(TEXT + "C").side == 33


def test_all_decoders_are_tried_where_nothing_may_be_missing() -> None:
    names = [decoder.name for decoder in DECODERS]
    everywhere = ["zxing-cpp", "zbar", "opencv"]
    assert names == everywhere if "CI" in os.environ else set(names) <= set(everywhere)


def test_every_decoder_reads_a_label(decoder: Decoder) -> None:
    assert read_codes(LABEL, [decoder]) == (TEXT,)


def test_a_label_is_read_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "label.png"
    file.write_bytes(png(draw(TEXT)))
    assert read_codes(read_picture(file)) == (TEXT,)
    assert png(draw(TEXT)) == file.read_bytes()


def test_two_labels_in_one_picture_are_both_read() -> None:
    other = picture(draw("Bonjour"), module=8)
    high = np.full((LABEL.shape[0], other.shape[1]), 255, np.uint8)
    high[: other.shape[0]] = other
    assert set(read_codes(np.hstack([LABEL, high]))) == {TEXT, "Bonjour"}


def bar_code(kind: str, text: str) -> Picture:
    zxing = pytest.importorskip("zxingcpp")
    code = zxing.create_barcode(text, zxing.BarcodeFormat[kind])
    drawn = np.asarray(zxing.write_barcode_to_image(code, scale=4), np.uint8)
    return np.pad(drawn, 40, constant_values=255)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("EAN13", "6130345678962"),
        ("EAN8", "61303454"),
        ("UPCA", "036000291452"),
        ("Code128", "LOT-7"),
        ("ITF14", "16130345678969"),
        ("DataMatrix", "LOT-7"),
    ],
)
def test_what_suppliers_print_is_read(decoder: Decoder, kind: str, text: str) -> None:
    reads = decoder.name == "zxing-cpp" or (decoder.name == "zbar" and kind != "DataMatrix")
    found = [each.lstrip("0") for each in decoder.decode(bar_code(kind, text))]
    assert found == ([text.lstrip("0")] if reads else [])


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("ITF", "897398"),
        ("ITF", "16130345678968"),
        ("Codabar", "A897398A"),
        ("Code39", "897398"),
    ],
)
def test_a_code_without_a_check_digit_is_not_looked_for(
    decoder: Decoder, kind: str, text: str
) -> None:
    """Lines that are no code are read as one of these, and then nobody looks for the label."""
    assert decoder.decode(bar_code(kind, text)) == []


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_label_is_read_by_the_decoders_together(name: str) -> None:
    read = [dict(damaged(LABEL, seed))[name] for seed in range(3)]
    assert [read_codes(bad) for bad in read] == [(TEXT,)] * 3


@pytest.mark.parametrize("seed", range(3))
def test_no_decoder_reads_what_is_not_there(decoder: Decoder, seed: int) -> None:
    for _, bad in damaged(LABEL, seed):
        for _, worse in damaged(bad, seed + 100):
            assert set(decoder.decode(worse)) <= {TEXT}


@pytest.mark.parametrize(
    "empty",
    [
        WHITE,
        np.zeros((480, 640), np.uint8),
        np.zeros((1, 1), np.uint8),
        np.zeros((3, 4000), np.uint8),
        np.random.default_rng(7).integers(0, 256, (480, 640)).astype(np.uint8),
    ],
    ids=["white", "black", "a point", "a line", "noise"],
)
def test_nothing_is_read_where_nothing_is(empty: Picture, decoder: Decoder) -> None:
    assert read_codes(empty, [decoder]) == ()


class TestPictures:
    def test_a_photograph_in_colour_is_read(self) -> None:
        assert read_codes(open_picture(_saved(Image.fromarray(LABEL).convert("RGB"), "JPEG")))

    def test_ink_on_a_transparent_background_is_read(self) -> None:
        ink = Image.new("RGBA", LABEL.shape[::-1], (0, 0, 0, 0))
        ink.putalpha(Image.fromarray(255 - LABEL))
        assert read_codes(open_picture(_saved(ink, "PNG"))) == (TEXT,)

    @pytest.mark.parametrize(
        "data", [b"", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", png(draw(TEXT))[:-200]]
    )
    def test_a_file_that_is_no_picture_is_refused(self, data: bytes) -> None:
        with pytest.raises(NotAPicture):
            open_picture(data)

    @pytest.mark.parametrize("side", [8_000, 10_000, 30_000])
    def test_a_small_file_of_endless_points_is_refused(self, side: int) -> None:
        bomb = _saved(Image.new("1", (side, side)), "PNG")
        assert len(bomb) < 1 << 18
        with pytest.raises(NotAPicture, match="points"):
            open_picture(bomb)

    def test_a_file_that_is_too_long_is_refused(self) -> None:
        with pytest.raises(NotAPicture, match="bytes"):
            open_picture(bytes((32 << 20) + 1))


class TestCamera:
    def test_a_code_is_read_from_the_first_frame_that_shows_one(self) -> None:
        frames = iter([WHITE, WHITE, LABEL, WHITE])
        assert first_codes(frames) == (TEXT,)
        assert next(frames) is WHITE

    def test_nothing_is_read_once_patience_ends(self) -> None:
        patience = iter([True, False])
        assert first_codes(iter([WHITE, LABEL]), goes_on=lambda: next(patience)) == ()

    def test_the_slower_decoders_look_at_every_tenth_frame(self) -> None:
        seen: list[str] = []

        def counting(name: str) -> Decoder:
            def decode(_: Picture) -> list[str]:
                seen.append(name)
                return []

            return Decoder(name, decode)

        first_codes(iter([WHITE] * 20), decoders=[counting("best"), counting("other")])
        assert seen.count("best") == 20 * 5
        assert seen.count("other") == 2 * 5

    def test_a_camera_that_is_not_there_is_said(self) -> None:
        with pytest.raises(NoCamera), camera_frames(91) as frames:
            next(frames)


def test_a_code_drawn_in_letters_is_read_from_the_terminal() -> None:
    lines = block_letters(draw(TEXT))
    light = {"█": (255, 255), "▀": (255, 0), "▄": (0, 255), " ": (0, 0)}
    rows = [[light[letter][half] for letter in line] for line in lines for half in (0, 1)]
    shown = np.kron(np.array(rows), np.ones((8, 8))).astype(np.uint8)
    assert read_codes(shown) == (TEXT,)


def _saved(picture: Image.Image, form: str) -> bytes:
    out = BytesIO()
    picture.save(out, form)
    return out.getvalue()
