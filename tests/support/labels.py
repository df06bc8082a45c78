"""Labels of an invented dairy, and pictures of them as bad days make them."""

from collections.abc import Callable, Iterator
from datetime import date
from uuid import UUID

import cv2
import numpy as np
from hypothesis import strategies as st

from manchengo.domain.label import Label, LabelKind
from manchengo_qr.images import Picture
from manchengo_qr.payload import DAY_ZERO
from manchengo_qr.site_keys import SiteKey, SiteKeys

OURS = SiteKeys((SiteKey(id=0, secret=b"o" * 32),))
THEIRS = SiteKeys((SiteKey(id=0, secret=b"t" * 32),))

LOT = Label(kind=LabelKind.RAW_MATERIAL_LOT, subject=UUID("01934d2a-7f00-7abc-8def-0123456789ab"))

LABELS = st.builds(
    Label,
    kind=st.sampled_from(LabelKind),
    subject=st.uuids(),
    expires_on=st.none() | st.dates(min_value=DAY_ZERO, max_value=date(2179, 6, 5)),
    batch=st.text(st.characters(blacklist_categories=["Cs"]), max_size=12),
)

Damage = Callable[[Picture, np.random.Generator], Picture]


def damaged(picture: Picture, seed: int) -> Iterator[tuple[str, Picture]]:
    """The picture after each kind of damage, drawn from a seed, with the name of the damage."""
    for name, damage in DAMAGES.items():
        yield name, np.asarray(damage(picture, np.random.default_rng(seed)), dtype=np.uint8)


def _turned(picture: Picture, chance: np.random.Generator) -> Picture:
    """Held askew, as seen from the side."""
    side = picture.shape[0]
    corners = np.array([[0, 0], [side, 0], [side, side], [0, side]], np.float32)
    moved = corners + chance.uniform(-0.08, 0.08, (4, 2)).astype(np.float32) * side
    turn = cv2.getPerspectiveTransform(corners, moved + np.float32(0.2 * side))
    size = (int(1.4 * side), int(1.4 * side))
    return _picture(cv2.warpPerspective(picture, turn, size, borderValue=255))


def _blurred(picture: Picture, chance: np.random.Generator) -> Picture:
    return _picture(cv2.GaussianBlur(picture, (0, 0), chance.uniform(1.5, 3)))


def _noisy(picture: Picture, chance: np.random.Generator) -> Picture:
    return _clipped(picture + chance.normal(0, 40, picture.shape))


def _shaded(picture: Picture, chance: np.random.Generator) -> Picture:
    """A shadow across the label, darker than the ink on the bright side."""
    across = np.linspace(0.15, 1, picture.shape[1]) ** chance.uniform(1, 2)
    return _clipped((40 + picture * 0.8) * across)


def _faded(picture: Picture, chance: np.random.Generator) -> Picture:
    return _clipped(190 + picture * chance.uniform(0.1, 0.2))


def _small(picture: Picture, chance: np.random.Generator) -> Picture:
    """From far away: about two points for a module."""
    scale = chance.uniform(0.22, 0.3)
    return _picture(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))


def _stained(picture: Picture, chance: np.random.Generator) -> Picture:
    """Drops of whey."""
    stained = picture.copy()
    for _ in range(3):
        middle = chance.integers(0, picture.shape[0], 2)
        cv2.circle(stained, tuple(map(int, middle)), picture.shape[0] // 18, 120, -1)
    return stained


def _inverted(picture: Picture, chance: np.random.Generator) -> Picture:
    return _picture(255 - picture)


DAMAGES: dict[str, Damage] = {
    "turned": _turned,
    "blurred": _blurred,
    "noisy": _noisy,
    "shaded": _shaded,
    "faded": _faded,
    "small": _small,
    "stained": _stained,
    "inverted": _inverted,
}


def _clipped(values: object) -> Picture:
    return _picture(np.clip(np.asarray(values), 0, 255))


def _picture(values: object) -> Picture:
    return np.asarray(values, dtype=np.uint8)
