"""The codes in a picture that somebody took of a label."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from manchengo_presenters.language import N_
from manchengo_workplace.failures import Failure, Origin

if TYPE_CHECKING:
    from manchengo_qr.images import Picture


def codes_in_file(file: Path) -> tuple[str, ...]:
    """The codes in the picture in that file, at least one. Raises ``Failure`` and ``OSError``."""
    from manchengo_qr.images import read_picture  # late: it loads what reads pictures

    return _codes_in(lambda: read_picture(file), str(file))


def codes_in_picture(data: bytes, file: str) -> tuple[str, ...]:
    """The codes in the picture of these bytes, at least one; ``file``: what people call it. Raises
    ``Failure``.
    """
    from manchengo_qr.images import open_picture  # late, as above

    return _codes_in(lambda: open_picture(data), file)


def _codes_in(read: "Callable[[], Picture]", file: str) -> tuple[str, ...]:
    from manchengo_qr.images import NotAPicture  # late, as above
    from manchengo_qr.reading import read_codes

    try:
        found = read_codes(read())
    except NotAPicture as error:
        raise Failure(
            "NotAPicture",
            N_("{path} is no picture that can be read. Give a PNG or a JPEG, at most 32 MB."),
            {"path": file},
            origin=Origin.REQUEST,
        ) from error
    if not found:
        raise Failure(
            "NoCodeSeen",
            N_(
                "No code can be read in {path}. Take the picture again: nearer, straight, in more "
                "light; or type the code of the lot."
            ),
            {"path": file},
            origin=Origin.REQUEST,
        )
    return found


def picture_of_code(text: str) -> bytes:
    """A QR code that says that, as a PNG file."""
    from manchengo_qr.drawing import draw, png  # late, as above

    return png(draw(text))
