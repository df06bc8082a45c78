"""Codes read from a picture: as it is first, then prepared in the ways that help on bad ones."""

from collections.abc import Callable, Sequence

import cv2
import numpy as np

from manchengo_qr.decoders import Decoder, installed_decoders
from manchengo_qr.images import Picture

SHORTEST_SIDE = 16
"""Points: no code is smaller, and some decoders fail on less."""

MOST_POINTS_ENLARGED = 4_000_000
"""A larger picture is not enlarged: it has enough points for a code, if there is one."""

_Prepare = Callable[[Picture], Picture]


def read_codes(picture: Picture, decoders: Sequence[Decoder] | None = None) -> tuple[str, ...]:
    """The texts of the codes in this picture, each once; none where nothing can be read.

    The best decoder tries the picture as it is, then each prepared one; then the next decoder does.
    The first that finds anything ends the search. ``decoders``: else, this computer's.
    """
    if min(picture.shape) < SHORTEST_SIDE:
        return ()
    chosen = installed_decoders() if decoders is None else decoders
    for decoder in chosen:
        for prepare in PREPARATIONS:
            if found := decoder.decode(prepare(picture)):
                return tuple(dict.fromkeys(found))
    return ()


def _as_it_is(picture: Picture) -> Picture:
    return picture


def _black_and_white(picture: Picture) -> Picture:
    """Against shadows: each point is compared with those around it."""
    smooth = cv2.GaussianBlur(picture, (3, 3), 0)
    return _picture(
        cv2.adaptiveThreshold(
            smooth, 255, cv2.ADAPTIVE_THRESH_GAUSSIAN_C, cv2.THRESH_BINARY, blockSize=51, C=4
        )
    )


def _enlarged(picture: Picture) -> Picture:
    """For a code that is far away: twice as large, its edges sharpened."""
    if picture.size > MOST_POINTS_ENLARGED:
        return picture
    large = cv2.resize(picture, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    return _picture(cv2.addWeighted(large, 1.8, cv2.GaussianBlur(large, (0, 0), 2), -0.8, 0))


def _reduced(picture: Picture) -> Picture:
    """Against noise and blur, for a code that fills the picture."""
    return _picture(cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))


def _more_contrast(picture: Picture) -> Picture:
    """For a faded print or a reflection: contrast raised region by region."""
    return _picture(cv2.createCLAHE(clipLimit=3.0, tileGridSize=(8, 8)).apply(picture))


def _picture(prepared: object) -> Picture:
    return np.asarray(prepared, dtype=np.uint8)


PREPARATIONS: tuple[_Prepare, ...] = (
    _as_it_is,
    _black_and_white,
    _enlarged,
    _reduced,
    _more_contrast,
)
