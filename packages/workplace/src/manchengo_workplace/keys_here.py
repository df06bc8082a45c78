"""Which people have a key at this device, and which of those keys the log still admits."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from attrs import frozen

from manchengo.application import last_unsigned_day
from manchengo.application.authors import everybody_must_sign, user_of
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.domain.ids import DeviceId, UserId
from manchengo.ports.rows import UserRow
from manchengo.ports.store import Snapshot
from manchengo_workplace.failures import DAMAGED
from manchengo_workplace.sealed_keys import SealedKeys

T = TypeVar("T")


@frozen(kw_only=True)
class KeysHere:
    """What a snapshot of the database says about the keys of people at this device. ``sealed``:
    those of them that lie in the file beside the database. ``family_id``: the first id under which
    this database wrote, whose keys count here.
    """

    snapshot: Snapshot
    sealed: SealedKeys
    family_id: DeviceId

    def everybody_signs(self) -> bool:
        """Whether the plant has everybody sign. Where the log is too damaged to tell, it has if
        anybody has a key here.
        """
        return _unless_damaged(
            lambda: everybody_must_sign(UnitOfWork(self.snapshot)), self.sealed.path.exists
        )

    def unsigned_until(self) -> date | None:
        """The last day on which who never had a key need not sign; None where there is none, or
        where the log is too damaged to tell.
        """
        return _unless_damaged(lambda: last_unsigned_day.of(self.snapshot), lambda: None)

    def of(self, user_id: UserId) -> dict[str, bool]:
        """The public keys, in hex, that the person has or had at this device, and whether each of
        them still counts.
        """
        user = user_of(UnitOfWork(self.snapshot), user_id)
        keys = user.keys if user else ()
        return {
            key.public_key: not key.withdrawn for key in keys if key.family_id == self.family_id
        }

    def is_admitted(self, user_id: UserId, public_key: str) -> bool:
        """Whether this key of the person counts."""
        return self.of(user_id).get(public_key, False)

    def people(self) -> list[UserRow]:
        """The active users who have a key sealed here, by name."""
        rows = [self.snapshot.get(UserRow, user_id) for user_id in self.sealed.people()]
        return sorted((row for row in rows if row and row.active), key=lambda row: row.name)


def _unless_damaged(tell: Callable[[], T], otherwise: Callable[[], T]) -> T:
    """What the log tells; what ``otherwise`` does, where it is too damaged to tell."""
    try:
        return tell()
    except Exception as error:
        if type(error).__name__ not in DAMAGED:
            raise
        return otherwise()
