"""Somebody who begins to sign at a device, with the code of an invitation and a passphrase."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from attrs import evolve, frozen

from manchengo import Role, SystemClock
from manchengo.commands import RegisterUser
from manchengo.domain.ids import UserId
from manchengo.ports.rows import UserRow
from manchengo_sqlite import SqliteStore
from manchengo_sync.signed_log import SignedLog
from manchengo_workplace import invitations
from manchengo_workplace.sealed_keys import UnlockedKey
from manchengo_workplace.sign_in import SignIn
from tests.faults.plant import at_work, new_plant, signing
from tests.sqlite.witness import KEY
from tests.support.cheap_keys import cheap_keys
from tests.support.dairy import an_id, litres, received
from tests.support.given import somebody

KARIM = UserId(an_id("Karim"))
FAR_AHEAD = date(2100, 1, 1)


@frozen
class Passphrase:
    """Implements ``PersonSecrets``: a person who always says the same."""

    phrase: str = "trois fromages et un chat"

    def at_hand(self) -> str | None:
        return self.phrase

    def existing(self, person: str, *, is_pin: bool) -> str | None:
        return self.phrase

    def new(self, person: str, *, is_pin: bool, check: Callable[[str], object]) -> str:
        check(self.phrase)
        return self.phrase

    def wait(self, seconds: float) -> None:
        assert seconds == 0, "nothing wrong was said"


def an_invited_person(folder: Path) -> tuple[Path, str]:
    """A plant, and the code with which Karim begins to sign there."""
    path = new_plant(folder / "atelier.db")
    with SqliteStore.open(path, key=KEY) as store:
        dairy = signing(store)
        dairy.execute(RegisterUser(user_id=KARIM, name="Karim", roles=frozenset({Role.SUPPLY})))
        with cheap_keys():
            return path, invitations.invite(dairy, _row(store), until=FAR_AHEAD).code


def begin(store: SqliteStore, path: Path, code: str) -> UnlockedKey:
    with cheap_keys():
        return invitations.redeem(_sign_in(store, path), _row(store), code)


def check(path: Path, code: str) -> bool:
    """The key that the log admits is the one that is sealed; else the same code begins another."""
    with SqliteStore.open(path, key=KEY) as store, cheap_keys():
        sign_in = _sign_in(store, path)
        is_begun = bool(sign_in.live_keys(KARIM))
        if not is_begun:
            begin(store, path, code)
        signer = sign_in.unlocked(_row(store), Passphrase().phrase)
        actor = evolve(somebody(Role.SUPPLY), user_id=KARIM)
        at_work(store, actor, signer).execute(received("his milk", litres(1)))
        assert signing(store).verify(SignedLog()).sound
    return is_begun


def _row(store: SqliteStore) -> UserRow:
    with store.reading() as snapshot:
        row = snapshot.get(UserRow, KARIM)
    assert row is not None, "he was registered"
    return row


def _sign_in(store: SqliteStore, path: Path) -> SignIn:
    device_id = somebody(Role.ADMIN).device_id
    return SignIn.of(store, path, KEY, device_id, SystemClock(), Passphrase())
