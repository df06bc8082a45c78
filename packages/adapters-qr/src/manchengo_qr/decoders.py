"""The programs that find codes in a picture: the best one that is installed comes first."""

from collections.abc import Callable, Iterator
from importlib import import_module

import cv2
import numpy as np
from attrs import frozen

from manchengo.domain.errors import Refused
from manchengo.domain.gtin import gtin_given
from manchengo_qr.images import Picture

_CARTON = 14
"""Digits of the number of a carton."""

Decode = Callable[[Picture], list[str]]


@frozen
class Decoder:
    """``decode`` gives the text of every code in a picture, and raises nothing."""

    name: str
    decode: Decode


def installed_decoders() -> tuple[Decoder, ...]:
    """Those that work on this computer, what reads most first (docs/performance.md)."""
    return tuple(_installed())


def _installed() -> Iterator[Decoder]:
    for name, make in (("zxing-cpp", _zxing), ("zbar", _zbar)):
        try:
            yield Decoder(name, make())
        except ImportError:  # zbar's library of the system may be missing as well
            continue
    yield Decoder("opencv", _opencv())


# What our labels and suppliers' goods bear is looked for. Lines that are no code are easily read as
# one of a kind without a check digit, and what is found ends the search for the label.


def _is_of_a_carton(text: str) -> bool:
    """Whether this is the number of a carton, and its check digit is right. Other interleaved codes
    have none.
    """
    try:
        return len(text) == _CARTON and bool(gtin_given(text))
    except Refused:
        return False


def _zxing() -> Decode:
    zxing = import_module("zxingcpp")
    kind = zxing.BarcodeFormat
    looked_for = (
        *(kind.QRCode, kind.DataMatrix, kind.Code128, kind.ITF14),
        *(kind.EAN13, kind.EAN8, kind.UPCA, kind.UPCE),
        *(kind.DataBar, kind.DataBarExp, kind.DataBarLtd),
    )

    def decode(picture: Picture) -> list[str]:
        found = zxing.read_barcodes(picture, looked_for, text_mode=zxing.TextMode.Plain)
        return [
            code.text
            for code in found
            if code.valid and (code.format != kind.ITF or _is_of_a_carton(code.text))
        ]

    return decode


def _zbar() -> Decode:
    zbar = import_module("pyzbar.pyzbar")
    kind = zbar.ZBarSymbol
    looked_for = (
        *(kind.QRCODE, kind.CODE128, kind.I25, kind.DATABAR, kind.DATABAR_EXP),
        *(kind.EAN13, kind.EAN8, kind.UPCA, kind.UPCE),
    )

    def decode(picture: Picture) -> list[str]:
        # zbar reads dark on white only, and says on standard error what it cannot read.
        return read(picture) or read(np.asarray(cv2.bitwise_not(picture), np.uint8))

    def read(picture: Picture) -> list[str]:
        found = zbar.decode(picture, looked_for)
        texts = ((code.type, code.data.decode("utf-8", "replace")) for code in found)
        return [text for name, text in texts if name != kind.I25.name or _is_of_a_carton(text)]

    return decode


def _opencv() -> Decode:
    detector = cv2.QRCodeDetectorAruco()

    def decode(picture: Picture) -> list[str]:
        try:
            _, texts, _, _ = detector.detectAndDecodeMulti(picture)
        except (cv2.error, UnicodeDecodeError):  # dark pictures, and codes that are not UTF-8
            return []
        return [text for text in texts if text]

    return decode
