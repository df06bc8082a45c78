"""How far this device has exchanged, in words, from the first entry that was not sent."""

from datetime import datetime, timedelta, tzinfo

from attrs import frozen

from manchengo_presenters.formatting import number
from manchengo_presenters.language import _, ngettext
from manchengo_presenters.screens.office import ExchangeStatus
from manchengo_presenters.screens.tones import Tone

WAITS = timedelta(days=1)
WAITS_TOO_LONG = timedelta(days=3)
IN_TOUCH = timedelta(minutes=10)
"""Since the server last answered: after that, this device counts as cut off."""


@frozen
class ExchangeWords:
    """``title`` and ``detail``: two short lines."""

    title: str
    detail: str
    tone: Tone


def exchange_words(status: ExchangeStatus, now: datetime, zone: tzinfo | None) -> ExchangeWords:
    """What is said of it at that instant; ``zone``: in which hours are shown."""
    if not status.server:
        detail = _("Everything is kept on this computer.")
        return ExchangeWords(_("Works alone"), detail, Tone.PLAIN)
    waiting = _waiting(status.pending)
    late = now - status.oldest if status.oldest and status.pending else timedelta(0)
    if late >= WAITS:
        title = ngettext("Not sent for {count} day", "Not sent for {count} days", late.days)
        tone = Tone.BAD if late >= WAITS_TOO_LONG else Tone.WARN
        return ExchangeWords(title.format(count=number(late.days)), waiting, tone)
    hour = f"{status.last.astimezone(zone):%H:%M}" if status.last else ""
    if status.last is None or now - status.last > IN_TOUCH:
        return ExchangeWords(_("Offline"), waiting or hour, Tone.WARN if waiting else Tone.PLAIN)
    if waiting:
        return ExchangeWords(waiting, _("Last exchange: {hour}").format(hour=hour), Tone.PLAIN)
    return ExchangeWords(_("Up to date"), hour, Tone.GOOD)


def _waiting(pending: int) -> str:
    if not pending:
        return ""
    sentence = ngettext("{count} entry to send", "{count} entries to send", pending)
    return sentence.format(count=number(pending))
