"""Says, in a line for each tenth, how far the update of the database has come before the start."""

import sys
from collections.abc import Callable

from manchengo_presenters.language import _

TENTHS = 10


def announce() -> Callable[[int, int], None]:
    """What to call with the events that are read and those in all."""
    shown: list[int] = []

    def say(done: int, whole: int) -> None:
        tenth = TENTHS * done // whole if whole else TENTHS
        if not shown or shown[-1] < tenth:
            shown.append(tenth)
            percent = 100 * tenth // TENTHS
            print(_("Updating the database: {percent} %").format(percent=percent), file=sys.stderr)

    return say
