"""The one place where the desktop is wired: what screens ask for, over the workplace."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from pathlib import Path
from threading import RLock
from typing import TypeVar

from manchengo import Manchengo, SystemClock
from manchengo.application.by_id import lot_of
from manchengo.application.dashboard import StockDays
from manchengo.application.founding import genesis_of
from manchengo.application.lists import Lists
from manchengo.application.stock import ProductStock
from manchengo.commands import BlockLot, Command, QuarantineLot, ReleaseLot
from manchengo.domain.errors import Refused
from manchengo.domain.ids import LotId
from manchengo.ports.rows import RawProductRow
from manchengo.ports.store import Snapshot
from manchengo_presenters import confirmations, doubts, refusal_text
from manchengo_presenters.language import _
from manchengo_presenters.screens.office import (
    Access,
    ExchangeStatus,
    Judgement,
    NewDairy,
    NewMaterial,
    NewReception,
    Person,
    Recorded,
    Restoration,
    SignedIn,
)
from manchengo_presenters.screens.problem import Problem
from manchengo_workplace import entering, invitations, opening, proposing, restoring, server
from manchengo_workplace.failures import Failure, failure_of
from manchengo_workplace.inactivity import InactivityLock
from manchengo_workplace.proposing import Choices, Executed
from manchengo_workplace.taking_back import take_back
from manchengo_workplace.workplace import Workplace

C = TypeVar("C", bound=Command)

JUDGEMENTS: dict[Judgement, Callable[..., Command]] = {
    Judgement.RELEASE: ReleaseLot,
    Judgement.QUARANTINE: QuarantineLot,
    Judgement.BLOCK: BlockLot,
}

usual_path = opening.usual_path


class _PassphraseNeeded(Exception):
    """The database is encrypted, and nobody has typed its passphrase yet."""


class _Passphrases:
    """Implements ``manchengo_workplace.database_keys.Passphrases``: what was typed in a field."""

    def __init__(self, typed: str | None) -> None:
        self._typed = typed

    def existing(self, database: Path) -> str:  # noqa: ARG002 - one was typed for it
        if self._typed is None:
            raise _PassphraseNeeded
        return self._typed

    def new(
        self,
        database: Path,  # noqa: ARG002 - as above
        *,
        check: Callable[[str], object],
    ) -> str:
        assert self._typed is not None, "a new database is made with a passphrase"
        with _of_field("passphrase"):
            check(self._typed)
        return self._typed


class _Secrets:
    """Implements ``manchengo_workplace.person_secrets.PersonSecrets``: what was typed."""

    def __init__(self, typed: str | None = None) -> None:
        self.typed = typed
        self.on_wait: Callable[[int], None] | None = None

    def at_hand(self) -> str | None:
        return None

    def existing(self, person: str, *, is_pin: bool) -> str | None:  # noqa: ARG002 - as above
        return self.typed

    def new(
        self,
        person: str,  # noqa: ARG002 - as above
        *,
        is_pin: bool,  # noqa: ARG002 - as above
        check: Callable[[str], object],
    ) -> str:
        assert self.typed is not None, "a person begins with a passphrase or PIN"
        with _of_field("secret"):
            check(self.typed)
        return self.typed

    def wait(self, seconds: float) -> None:
        if seconds and self.on_wait:
            self.on_wait(round(seconds))
        time.sleep(seconds)


@contextmanager
def _of_field(field: str) -> Iterator[None]:
    try:
        yield
    except Failure as failure:
        raise Problem(failure.name, failure.sentence, field) from failure


@contextmanager
def _problems() -> Iterator[None]:
    """Whatever is refused or fails in this block becomes a ``Problem``."""
    try:
        yield
    except (Problem, _PassphraseNeeded):
        raise
    except Refused as refusal:
        raise Problem(type(refusal).__name__, refusal_text.sentence(refusal)) from refusal
    except Exception as error:
        failure = failure_of(error)
        raise Problem(failure.name, failure.sentence) from error


class DeviceOffice:
    """This computer, its database at ``path``, and who acts there. Implements ``Office``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._clock = SystemClock()
        self._secrets = _Secrets()
        self._closing = ExitStack()
        self._opened: Workplace | None = None
        self._acting: Workplace | None = None
        self._inactivity = InactivityLock()
        self._one_at_a_time = RLock()

    def close(self) -> None:
        """Nobody acts, and the database is closed."""
        with self._one_at_a_time:
            self._opened = self._acting = None
            self._closing.close()

    # ------------------------------------------------------------------------------ opening

    def access(self) -> Access:
        """How far the database is open. One that takes no passphrase is opened."""
        if self._opened is not None:
            return Access.OPEN
        if not self.path.exists():
            return Access.NO_DATABASE
        try:
            self._open(_Passphrases(None))
        except _PassphraseNeeded:
            return Access.CLOSED
        return Access.OPEN

    def open(self, passphrase: str) -> None:
        """Open the database."""
        self._open(_Passphrases(passphrase))

    def _open(self, passphrases: _Passphrases) -> None:
        with _problems(), self._one_at_a_time:
            self._opened = self._closing.enter_context(
                opening.opened(
                    self.path, passphrases=passphrases, secrets=self._secrets, by_anyone=True
                )
            )

    def create(self, dairy: NewDairy) -> str:
        """Make a database and its dairy; the recovery key is answered."""
        recovery = invitations.recovery_code()
        with _problems(), self._one_at_a_time:
            self._opened = self._closing.enter_context(
                opening.created(
                    self.path,
                    admin=dairy.admin,
                    plant=dairy.name,
                    recovery=recovery,
                    passphrases=_Passphrases(dairy.passphrase),
                    secrets=_Secrets(dairy.secret),
                )
            )
            # Who sits at a terminal of this computer has not signed in there.
            self._opened.sign_in.session_file.end()
        return recovery.code

    def restore(self, restoration: Restoration) -> None:
        """Put a backup in the place of the database, and open it."""
        passphrases = _Passphrases(restoration.passphrase)
        with _problems():
            restoring.restored(
                self.path,
                restoration.source,
                passphrases=passphrases,
                secrets=_Secrets(),
                user=restoration.person or None,
            )
        self._open(passphrases)

    # ------------------------------------------------------------------------------- people

    def people(self) -> list[Person]:
        """Who has a key here, by name."""
        with _problems():
            sign_in = self._database.sign_in
            sealed = sign_in.sealed.people()
            return [
                Person(name=user.name, is_pin=sealed[user.id].needs_device_secret)
                for user in sign_in.people_here()
            ]

    def sign_in(self, name: str, secret: str, on_wait: Callable[[int], None]) -> SignedIn:
        """Prove who acts from here on."""
        self._secrets.on_wait = on_wait
        with _problems():
            acting = opening.signed_in(self._database, name, secret)
        self._acting, self._inactivity = acting, InactivityLock()
        return SignedIn(name=acting.user, roles=acting.actor.roles)

    def begin_with_code(self, name: str, code: str, secret: str) -> None:
        """Begin the person's key here, with a code."""
        with _problems(), self._one_at_a_time:
            sign_in = self._database.sign_in
            self._secrets.typed = secret
            try:
                invitations.redeem(sign_in, sign_in.person(name), code)
            finally:
                self._secrets.typed = None

    def lock(self) -> None:
        """Nobody acts, until somebody signs in."""
        with self._one_at_a_time:
            self._acting = None

    def touch(self) -> None:
        """The person is here."""
        self._inactivity.touch()

    def is_locked(self) -> bool:
        """Whether nobody acts, or who did has done nothing for too long."""
        return self._acting is None or self._inactivity.is_locked

    @property
    def _database(self) -> Workplace:
        if self._opened is None:
            raise Problem("Closed", _("The database is closed. Open it again."))
        return self._opened

    @property
    def _at_work(self) -> Workplace:
        if self._acting is None or self._inactivity.is_locked:
            raise Problem("Locked", _("Nobody acts here any more. Identify yourself again."))
        return self._acting

    @property
    def dairy(self) -> Manchengo:
        """The dairy, for who has signed in."""
        return self._at_work.dairy

    # ---------------------------------------------------------------------------- questions

    def dairy_name(self) -> str:
        """What the dairy is called; "" where nobody said."""
        with _problems(), self._database.store.reading() as snapshot:
            genesis = genesis_of(snapshot)
        return genesis.name if genesis else ""

    def today(self) -> date:
        """The business date."""
        return self._clock.today()

    def now(self) -> datetime:
        """The instant, in UTC."""
        return self._clock.now()

    @contextmanager
    def reading(self) -> Iterator[Snapshot]:
        """One consistent moment, as far as the person may see it."""
        with _problems(), self.dairy.reading() as snapshot:
            yield snapshot

    def stock(self) -> list[ProductStock]:
        """What is there of each product."""
        with _problems():
            return self.dairy.stock.by_product()

    def stock_days(self, over_days: int) -> list[StockDays]:
        """How long the stock of each product lasts."""
        with _problems():
            return self.dairy.dashboard.stock_days(over_days)

    def lists(self) -> Lists:
        """Lists, page by page."""
        return self.dairy.lists

    def revision(self) -> tuple[int, ...]:
        """Another one after whatever was stored."""
        with _problems(), self._database.store.reading() as snapshot:
            return snapshot.head(), snapshot.rewinds(), snapshot.cursor()

    def exchange_status(self) -> ExchangeStatus:
        """How far this device has exchanged."""
        with _problems(), self._database.store.reading() as snapshot:
            return server.exchange_status(snapshot)

    # ----------------------------------------------------------------------------- commands

    def receive(self, reception: NewReception) -> Recorded:
        """Record a reception, under the next free code of its day."""

        def build(choices: Choices) -> Command:
            product = choices.snapshot.get(RawProductRow, reception.product_id)
            assert product is not None, "the material was chosen from those that are there"
            return entering.reception(
                choices,
                product,
                reception.supplier_id,
                reception.quantity,
                expires=reception.expires_on,
                price=reception.price,
                reference=reception.reference,
                quarantined=reception.quarantined,
            )

        done = self._execute(build, on=reception.on)
        lot_id, code = done.command.lot_id, done.command.code  # type: ignore[union-attr]
        with self.reading() as snapshot:
            sentence = next(iter(confirmations.lot_made(snapshot, done.command)))
        return _recorded(done, sentence, lot_id=lot_id, code=code)

    def take_back(self, done: Recorded) -> Recorded:
        """Take back what was just recorded of a lot."""
        assert done.lot_id is not None, "it was recorded of a lot"
        with _problems(), self._one_at_a_time:
            undone = take_back(self._at_work, done.commit_id)
        with self.reading() as snapshot:
            sentence = confirmations.lot_now(lot_of(snapshot, done.lot_id), self.today())
        return _recorded(undone, sentence, lot_id=done.lot_id, code=done.code)

    def judge_lot(self, lot_id: LotId, judgement: Judgement, reason: str) -> Recorded:
        """Release a lot, or set it aside, from today on."""
        command = JUDGEMENTS[judgement]
        done = self._execute(lambda choices: command(lot_id=lot_id, on=choices.day, reason=reason))
        with self.reading() as snapshot:
            row = lot_of(snapshot, lot_id)
            sentence = confirmations.lot_now(row, self.today())
        return _recorded(done, sentence, lot_id=lot_id, code=row.code)

    def add_supplier(self, name: str) -> Recorded:
        """Record a supplier, under the next free code."""
        return _recorded(self._execute(lambda choices: entering.new_supplier(choices, name)), name)

    def add_material(self, material: NewMaterial) -> Recorded:
        """Record a raw material, under the next free code."""
        done = self._execute(
            lambda choices: entering.new_material(
                choices, material.name, material.unit, material.shelf_life_days
            )
        )
        return _recorded(done, material.name)

    def _execute(self, build: Callable[[Choices], C], on: date | None = None) -> Executed[C]:
        with _problems(), self._one_at_a_time:
            return proposing.execute(self._at_work, build, on=on)


def _recorded(
    done: Executed[C], sentence: str, *, lot_id: LotId | None = None, code: str = ""
) -> Recorded:
    return Recorded(
        commit_id=done.commit.id,
        sentence=sentence,
        lot_id=lot_id,
        code=code,
        warnings=tuple(doubts.sentence(each) for each in done.doubts),
    )
