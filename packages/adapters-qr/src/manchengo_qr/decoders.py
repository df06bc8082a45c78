"""The programs that find codes in a picture: the best one that is installed comes first."""

from collections.abc import Callable, Iterator
from importlib import import_module

import cv2
from attrs import frozen

from manchengo_qr.images import Picture

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


def _zxing() -> Decode:
    zxing = import_module("zxingcpp")

    def decode(picture: Picture) -> list[str]:
        found = zxing.read_barcodes(picture, text_mode=zxing.TextMode.Plain)
        return [code.text for code in found if code.valid]

    return decode


def _zbar() -> Decode:
    zbar = import_module("pyzbar.pyzbar")

    def decode(picture: Picture) -> list[str]:
        # zbar reads dark on white only, and says on standard error what it cannot read.
        found = zbar.decode(picture) or zbar.decode(cv2.bitwise_not(picture))
        return [code.data.decode("utf-8", "replace") for code in found]

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
