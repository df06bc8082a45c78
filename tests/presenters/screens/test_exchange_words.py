"""How far the exchange is, in words, from the first entry that waits."""

from datetime import timedelta

import pytest

from manchengo_presenters.screens.exchange_words import exchange_words
from manchengo_presenters.screens.office import ExchangeStatus
from manchengo_presenters.screens.tones import Tone
from tests.support.office_in_memory import NOON


@pytest.mark.parametrize(
    ("pending", "oldest", "last", "title", "detail", "tone"),
    [
        (0, None, 1, "À jour", "10:59", Tone.GOOD),
        (1, 1, 1, "1 saisie à envoyer", "Dernier échange\u00a0: 10:59", Tone.PLAIN),
        (14, 30, 30, "Hors ligne", "14 saisies à envoyer", Tone.WARN),
        (0, None, 30, "Hors ligne", "10:30", Tone.PLAIN),
        (0, None, None, "Hors ligne", "", Tone.PLAIN),
        (3, 2 * 24 * 60, 1, "Non envoyé depuis 2 jours", "3 saisies à envoyer", Tone.WARN),
        (3, 3 * 24 * 60, 1, "Non envoyé depuis 3 jours", "3 saisies à envoyer", Tone.BAD),
    ],
)
def test_the_exchange_is_said_from_the_first_entry_that_waits(
    pending: int, oldest: int | None, last: int | None, title: str, detail: str, tone: Tone
) -> None:
    """``oldest`` and ``last``: so many minutes ago."""
    status = ExchangeStatus(
        server="https://laiterie.test",
        pending=pending,
        oldest=None if oldest is None else NOON - timedelta(minutes=oldest),
        last=None if last is None else NOON - timedelta(minutes=last),
    )
    shown = exchange_words(status, NOON, NOON.tzinfo)
    assert (shown.title, shown.detail, shown.tone) == (title, detail, tone)


def test_a_device_without_a_server_works_alone() -> None:
    status = ExchangeStatus(server="", pending=12, oldest=NOON, last=None)
    shown = exchange_words(status, NOON, NOON.tzinfo)
    assert (shown.title, shown.tone) == ("Travaille seul", Tone.PLAIN)
