"""A picture from a file, in grey, refused where it would fill the memory."""

import warnings
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

Picture = NDArray[np.uint8]
"""Rows of points, each from 0 (black) to 255 (white)."""

FORMATS = ("PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF")
MOST_BYTES = 32 << 20
MOST_POINTS = 50_000_000
"""The largest photograph of a telephone. A small file can claim many more points than that."""

_TOO_LARGE = f"more than {MOST_POINTS} points"


class NotAPicture(Exception):
    """The file is no picture of a known format, is damaged, or too large. ``str``: which."""


def read_picture(file: Path) -> Picture:
    """The picture in this file.

    Raises ``OSError``: it cannot be read. Raises ``NotAPicture``.
    """
    with file.open("rb") as opened:
        return open_picture(opened.read(MOST_BYTES + 1))


def open_picture(data: bytes) -> Picture:
    """The picture in these bytes.

    Raises ``NotAPicture``.
    """
    if len(data) > MOST_BYTES:
        raise NotAPicture(f"more than {MOST_BYTES} bytes")
    try:
        with _opened(data) as picture:
            if picture.width * picture.height > MOST_POINTS:
                raise NotAPicture(_TOO_LARGE)
            picture.draft("L", picture.size)
            return np.asarray(_on_white(picture), dtype=np.uint8)
    except UnidentifiedImageError as error:
        raise NotAPicture("not a picture of a known format") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NotAPicture(_TOO_LARGE) from error
    except (OSError, SyntaxError, ValueError) as error:
        raise NotAPicture("damaged") from error


def _opened(data: bytes) -> Image.Image:
    with warnings.catch_warnings():  # Pillow warns of what it finds large, and we refuse it
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        return Image.open(BytesIO(data), formats=FORMATS)


def _on_white(picture: Image.Image) -> Image.Image:
    """In grey. What lets the background through gets white paper behind it."""
    if not picture.has_transparency_data:
        return picture.convert("L")
    coloured = picture.convert("RGBA")
    paper = Image.new("RGBA", coloured.size, "white")
    return Image.alpha_composite(paper, coloured).convert("L")
