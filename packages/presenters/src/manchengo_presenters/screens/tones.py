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


_OF_ORDER = {
    "placed": Tone.WARN,
    "confirmed": Tone.INFO,
    "partly_delivered": Tone.INFO,
    "delivered": Tone.GOOD,
}


def tone_of_order(status: str) -> Tone:
    """Of a sales order in that state: one of which nothing is reserved yet waits for somebody."""
    return _OF_ORDER.get(status, Tone.PLAIN)


_OF_DELIVERY = {"prepared": Tone.WARN, "dispatched": Tone.INFO, "received": Tone.GOOD}


def tone_of_delivery(status: str) -> Tone:
    """Of a delivery in that state: one that is prepared waits for somebody to load it."""
    return _OF_DELIVERY.get(status, Tone.PLAIN)


_OF_INVOICE = {"draft": Tone.WARN, "issued": Tone.INFO, "settled": Tone.GOOD}


_OF_PAYMENT = {"received": Tone.WARN, "allocated": Tone.GOOD, "voided": Tone.PLAIN}


def tone_of_payment(status: str) -> Tone:
    """Of a payment in that state: one of which a part pays nothing yet waits for an invoice."""
    return _OF_PAYMENT.get(status, Tone.PLAIN)


def tone_of_invoice(status: str) -> Tone:
    """Of an invoice in that state, on time: a draft waits for somebody to issue it."""
    return _OF_INVOICE.get(status, Tone.PLAIN)
