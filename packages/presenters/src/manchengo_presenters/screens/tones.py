"""What a state means, which screens show in colour beside its word."""

from enum import Enum

from manchengo_presenters import words


class Tone(Enum):
    """The names are those of the colours in which a screen shows them."""

    PLAIN = "plain"
    INFO = "info"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


_OF_STATUS = {
    "AVAILABLE": Tone.GOOD,
    "RESERVED": Tone.INFO,
    "QUARANTINED": Tone.INFO,
    "NOT_YET_HERE": Tone.PLAIN,
    "EXHAUSTED": Tone.PLAIN,
    "VOIDED": Tone.PLAIN,
}


def tone_of_lot(status: str) -> Tone:
    """Of a lot in that state (``words.LOT_STATUSES``); what may not be used is bad."""
    return _OF_STATUS.get(status, Tone.BAD)


def lot_state(status: str) -> str:
    """The word for it."""
    return words.word(words.LOT_STATUSES, status)
