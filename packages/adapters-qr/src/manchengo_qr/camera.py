"""Codes read from a camera, frame after frame, until one is seen or patience ends."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import cv2
import numpy as np

from manchengo_qr.decoders import Decoder, installed_decoders
from manchengo_qr.images import Picture
from manchengo_qr.reading import read_codes

ALL_DECODERS_EVERY = 10
"""Frames: only the best decoder looks at each frame, so that none waits; all of them at every
tenth."""

Frames = Iterator[Picture]


class NoCamera(Exception):
    """There is no such camera, it is in use, or it stopped. ``str``: which one."""


@contextmanager
def camera_frames(number: int = 0) -> Iterator[Frames]:
    """The frames of a camera of this computer, in grey; it is given back at the end.

    Raises ``NoCamera``.
    """
    capture = cv2.VideoCapture(number)
    try:
        if not capture.isOpened():
            raise NoCamera(f"camera {number}")
        yield _frames(capture, number)
    finally:
        capture.release()


def _frames(capture: cv2.VideoCapture, number: int) -> Frames:
    while True:
        taken, frame = capture.read()
        if not taken:
            raise NoCamera(f"camera {number}")
        yield np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), dtype=np.uint8)


def first_codes(
    frames: Frames,
    *,
    goes_on: Callable[[], bool] = lambda: True,
    decoders: Sequence[Decoder] | None = None,
) -> tuple[str, ...]:
    """The codes of the first frame that shows any; none where the frames, or the patience, end.

    ``goes_on`` is asked before each frame. ``NoCamera`` from the frames.
    """
    chosen = installed_decoders() if decoders is None else tuple(decoders)
    for count, frame in enumerate(frames):
        if not goes_on():
            return ()
        tried = chosen if count % ALL_DECODERS_EVERY == 0 else chosen[:1]
        if codes := read_codes(frame, tried):
            return codes
    return ()
