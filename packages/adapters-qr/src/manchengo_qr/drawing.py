"""A text drawn as a QR code: black and white squares, to be printed or shown."""

from io import BytesIO

import numpy as np
import qrcode
from attrs import frozen
from PIL import Image
from qrcode.constants import ERROR_CORRECT_Q

from manchengo_qr.images import Picture

QUIET_ZONE = 4
"""Modules of white on each side: a reader needs them to find the code."""


@frozen
class Drawing:
    """``rows``: the modules of the code, True for black, without the white around it."""

    rows: tuple[tuple[bool, ...], ...]

    @property
    def side(self) -> int:
        """How many modules wide and high the code is, without the white around it."""
        return len(self.rows)


def draw(text: str) -> Drawing:
    """The smallest QR code that holds this text and is read with a quarter of it damaged (level Q).

    Raises ``ValueError``: the text is longer than any QR code.
    """
    code = qrcode.QRCode(border=0, error_correction=ERROR_CORRECT_Q)
    code.add_data(text)
    code.make(fit=True)
    return Drawing(tuple(tuple(map(bool, row)) for row in code.get_matrix()))


def picture(drawing: Drawing, *, module: int = 8) -> Picture:
    """The drawing with the white around it. ``module``: points for the side of one square."""
    light = ~np.pad(np.array(drawing.rows, dtype=bool), QUIET_ZONE)
    return np.kron(light, np.full((module, module), 255)).astype(np.uint8)


def png(drawing: Drawing, *, module: int = 8) -> bytes:
    """The same as a PNG file: equal bytes for equal drawings."""
    out = BytesIO()
    Image.fromarray(picture(drawing, module=module)).save(out, "PNG")
    return out.getvalue()


def block_letters(drawing: Drawing) -> list[str]:
    """The drawing for a terminal: two rows of modules to a line, light on dark, white around it."""
    light = ~np.pad(np.array(drawing.rows, dtype=bool), 2)
    if len(light) % 2:
        light = np.vstack([light, np.zeros_like(light[:1])])
    return [
        "".join(_HALVES[bool(above), bool(below)] for above, below in zip(*pair, strict=True))
        for pair in zip(light[::2], light[1::2], strict=True)
    ]


_HALVES = {(True, True): "█", (True, False): "▀", (False, True): "▄", (False, False): " "}
