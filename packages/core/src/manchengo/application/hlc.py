"""A hybrid logical clock: text that sorts in the order things could have been known.

Fixed width, so that comparing text compares time: milliseconds since 1970 in 15 digits, a counter
in 6, the device in 8. A wrong clock is never an error: when it stands still or goes back, the
counter goes on.
"""

import re
from datetime import UTC, datetime, timedelta

from manchengo.domain.ids import DeviceId

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
MOST = 999_999
STAMP = re.compile(r"[0-9]{15}-[0-9]{6}-[0-9a-f]{8}")


def tick(last: str, now: datetime, device_id: DeviceId) -> str:
    """A stamp after ``last`` (empty, or no stamp: none yet) and, where the clock allows, at
    ``now``.
    """
    milliseconds = _milliseconds(now)
    counter = 0
    if STAMP.fullmatch(last):
        last_milliseconds, last_counter = int(last[:15]), int(last[16:22])
        if milliseconds <= last_milliseconds:
            milliseconds, counter = last_milliseconds, last_counter + 1
            if counter > MOST:
                milliseconds, counter = milliseconds + 1, 0
    return f"{milliseconds:015d}-{counter:06d}-{device_id.hex[-8:]}"


def stamp_at(now: datetime, device_id: DeviceId) -> str:
    """The first stamp of that millisecond."""
    return tick("", now, device_id)


def instant_of(stamp: str) -> datetime | None:
    """The moment of the stamp; None where it is of none that can be told."""
    if not STAMP.fullmatch(stamp):
        return None
    try:
        return EPOCH + int(stamp[:15]) * MILLISECOND
    except OverflowError:
        return None


def is_ahead(stamp: str, now: datetime) -> bool:
    """Whether the stamp is of a moment after ``now``, or of none that could be told."""
    return not STAMP.fullmatch(stamp) or int(stamp[:15]) > _milliseconds(now)


def _milliseconds(now: datetime) -> int:
    return max(0, (now - EPOCH) // MILLISECOND)
