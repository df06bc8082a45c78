"""The exchange with the server: what waits, who was heard when, what went wrong, and by file."""

from datetime import datetime, timedelta

from attrs import frozen

from manchengo.application.completeness import DeviceHeard
from manchengo.ports.store import Snapshot
from manchengo_presenters import command_view
from manchengo_presenters.command_view import RecordedCommand
from manchengo_presenters.formatting import begun, length_of_time, moment, number
from manchengo_presenters.language import _, ngettext
from manchengo_presenters.screens.exchange_words import ExchangeWords, exchange_words
from manchengo_presenters.screens.exchanges import Entrance, ExchangeDone, WrongClocks
from manchengo_presenters.screens.form import Form
from manchengo_presenters.screens.join_code import JOIN_BESIDE, read_join_code
from manchengo_presenters.screens.screen_context import ScreenContext
from manchengo_presenters.screens.tones import Tone
from manchengo_presenters.screens.view_model import ScreenModel

SHOWN = 50
"""Entries that are listed of those that wait."""

SILENT = timedelta(days=3)
"""A device that nobody heard for so long is worth a look."""


@frozen(kw_only=True)
class PendingLine:
    """One entry that waits to be sent."""

    what: str
    who: str
    when: str


@frozen(kw_only=True)
class DeviceLine:
    """Another device of the plant. ``clock``: what is wrong with it; "" where nothing is."""

    name: str
    heard: str
    tone: Tone
    clock: str


@frozen(kw_only=True)
class ExchangeDetail:
    """``server``: "" where this computer works alone. ``count``: of all that waits; ``trouble`` and
    ``own_clock``: sentences, "" where nothing is wrong; ``noted``: what exchanges told.
    """

    server: str
    words: ExchangeWords
    last: str
    trouble: str
    own_clock: str
    noted: tuple[str, ...]
    count: int
    pending: tuple[PendingLine, ...]
    devices: tuple[DeviceLine, ...]


JOINING = ("address", "code", "device")


class ExchangePage(ScreenModel):
    """``detail``: None until it is there. ``progress``: how far an exchange is, from 0 to 1; None
    where none goes on. ``said``: what the last one did, in sentences. ``joining``: the fields to
    join a server, for a computer that works alone.
    """

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context.background)
        self._office = context.office
        self.context = context
        self.detail: ExchangeDetail | None = None
        self.progress: float | None = None
        self.said: tuple[str, ...] = ()
        self.joining = Form(context.background, dict.fromkeys(JOINING, ""), beside=JOIN_BESIDE)

    async def load(self) -> None:
        """Read it anew; what an exchange did, and why one failed, stay."""
        found = await self.attempt_quietly(self._read)
        if found is not None:
            self.detail = found
            self.changed()

    def forget_words(self) -> None:
        """Nor what the last exchange did."""
        self.said = ()
        self.joining.forget_words()
        super().forget_words()

    async def read_code(self, picture: bytes, name: str) -> None:
        """Fill the address and the code in from a picture of what an administrator made."""
        codes_in = self._office.scans.codes_in
        found = await self.joining.attempt(lambda: read_join_code(codes_in(picture, name)[0]))
        if found is not None:
            self.joining.fill(**self.joining.values | {"address": found.server, "code": found.code})

    async def join(self) -> None:
        """Bring this dairy to that server; what is recorded here goes there."""
        form = self.joining
        if form.is_busy:
            return
        form.require(JOINING)
        if not form.is_right:
            return
        address, code, name = (form.values[each].strip() for each in JOINING)
        asked = Entrance(address=address, code=code, name=name)
        self.progress = 0.0
        done = await form.attempt(lambda: self._office.exchanges.join(asked, self._step))
        self.progress = None
        self._say(done)
        if done is not None:
            form.fill()
        await self.load()

    async def exchange(self) -> None:
        """Exchange now."""
        if self.is_busy:
            return
        self.progress, self.said = 0.0, ()
        self._say(await self.attempt(lambda: self._office.exchanges.exchange(self._step)))
        self.progress = None
        await self.load()

    async def confirm(self) -> None:
        """Exchange now, or join the server."""
        is_alone = self.detail is not None and not self.detail.server
        await (self.join() if is_alone else self.exchange())

    async def export(self) -> bytes | None:
        """What waits, to be saved as a file; None where that failed."""
        return await self.attempt(self._office.exchanges.export)

    @property
    def file_name(self) -> str:
        """What the file for the server is called, unless somebody calls it otherwise."""
        return f"manchengo-{self._office.today():%Y%m%d}.mcg"

    async def take_answer(self, answer: bytes, name: str) -> None:
        """Take in what the server answered by file."""
        self.said = ()
        self._say(await self.attempt(lambda: self._office.exchanges.take_answer(answer, name)))
        await self.load()

    def _step(self, done: int, whole: int) -> None:
        self.progress = done / whole if whole else 1.0
        self.changed()

    def _say(self, done: ExchangeDone | None) -> None:
        if done is not None:
            self.said = tuple(sentences(done))
            self.changed()

    def _read(self) -> ExchangeDetail:
        office = self._office
        status, now = office.exchange_status(), office.now()
        clocks, heard = office.exchanges.wrong_clocks(), office.exchanges.heard()
        with office.reading() as snapshot:
            pending = tuple(_pending(snapshot))
        return ExchangeDetail(
            server=status.server,
            words=exchange_words(status, now, None),
            last=moment(status.last) if status.last else _("never"),
            trouble=office.exchanges.trouble(),
            own_clock=_own_clock(clocks.ahead),
            noted=office.exchanges.noted(),
            count=status.pending,
            pending=pending,
            devices=tuple(_device(each, clocks, now) for each in heard.devices),
        )

    @property
    def waiting(self) -> str:
        """How many entries wait, in words."""
        count = self.detail.count if self.detail else 0
        if not count:
            return _("Nothing waits to be sent.")
        sentence = ngettext("{count} entry to send", "{count} entries to send", count)
        return sentence.format(count=number(count))


def sentences(done: ExchangeDone) -> list[str]:
    """What an exchange did."""
    sentence = _("Sent: {sent}. Received: {received}. Refused: {refused}.").format(
        sent=number(done.sent), received=number(done.received), refused=number(done.refused)
    )
    waiting = ngettext(
        "{count} commit still waits here.", "{count} commits still wait here.", done.pending
    ).format(count=number(done.pending))
    return [sentence, *([waiting] if done.pending else []), *done.notes]


def _pending(snapshot: Snapshot) -> list[PendingLine]:
    return [
        PendingLine(
            what=begun(RecordedCommand.of(each.commit).brief(snapshot)),
            who=command_view.known_person(snapshot, each.commit.user_id),
            when=moment(each.commit.occurred_at),
        )
        for each in snapshot.pending(limit=SHOWN)
    ]


def _device(each: DeviceHeard, clocks: WrongClocks, now: datetime) -> DeviceLine:
    clock = ""
    if each.device_id in clocks.fast:
        clock = _("Its clock is ahead.")
    elif each.device_id in clocks.slow:
        clock = _("Its clock is behind.")
    heard, tone = _("never"), Tone.WARN
    if each.heard_until is not None:
        heard = moment(each.heard_until)
        tone = Tone.WARN if now - each.heard_until >= SILENT else Tone.PLAIN
    name = _("{device} (withdrawn)").format(device=each.name) if each.withdrawn else each.name
    return DeviceLine(
        name=name, heard=heard, tone=Tone.PLAIN if each.withdrawn else tone, clock=clock
    )


def _own_clock(ahead: timedelta) -> str:
    if not ahead:
        return ""
    sentence = (
        _("The clock of this computer is {time} ahead of the server's. Set its day and its hour.")
        if ahead > timedelta()
        else _(
            "The clock of this computer is {time} behind the server's. Set its day and its hour."
        )
    )
    return sentence.format(time=length_of_time(abs(ahead)))
