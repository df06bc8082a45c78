"""The letters that a device puts into the codes it proposes, so that no two propose the same.

The log says which device has which letters, and may give a device others than it had: a server that
was put back may have given the same ones twice. So they are read from the log, each time.
"""

import re
from collections.abc import Collection
from itertools import count, product
from string import ascii_uppercase
from uuid import UUID

from manchengo.domain.ids import DeviceId
from manchengo.ports.rows import DeviceRow
from manchengo.ports.settings import DEVICE, KNOWN_AS, MARK
from manchengo.ports.store import Snapshot

SERVER_MARK = "S0"
"""The server's own in the log. No device is given this mark: theirs are letters."""

PROVISIONAL = 4
"""So many letters, as many as the log never gives, until the log knows the device."""


def first_free(taken: Collection[str]) -> str:
    """The first letters nobody has: A to Z, then AA, without end. As many as a provisional mark has
    are never given.
    """
    lengths = (length for length in count(1) if length != PROVISIONAL)
    marks = (
        "".join(each) for length in lengths for each in product(ascii_uppercase, repeat=length)
    )
    return next(mark for mark in marks if mark not in taken)


def is_mark(text: str) -> bool:
    """Whether a device may be given these letters. A digit in them could be one of the number that
    follows them in a code, which would then be another device's.
    """
    return bool(re.fullmatch("[A-Z]+", text)) and len(text) != PROVISIONAL


def own_mark(snapshot: Snapshot) -> str:
    """The letters of the device that writes here; "" where it belongs to no server's plant.

    Before its own enrolment comes in with the log they are those that the server answered with. A
    copy that the server does not know yet has letters made of its own id: those that it was copied
    with are another device's.
    """
    named = snapshot.setting(DEVICE)
    if named is None:
        return ""
    device_id = DeviceId(UUID(named))
    enrolled = snapshot.get(DeviceRow, device_id)
    if enrolled is not None:
        return enrolled.mark
    answered = snapshot.setting(MARK) or ""
    is_for_this_id = (snapshot.setting(KNOWN_AS) or named) == named
    return answered if is_for_this_id or not answered else provisional_mark(device_id)


def provisional_mark(device_id: DeviceId) -> str:
    """The letters by which a device that no server has named marks the codes it proposes."""
    number = device_id.int
    letters = []
    for _ in range(PROVISIONAL):
        number, letter = divmod(number, len(ascii_uppercase))
        letters.append(ascii_uppercase[letter])
    return "".join(letters)
