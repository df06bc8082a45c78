"""What the screens of people and devices ask of the device, besides commands: codes that are shown
once, keys, and passphrases.
"""

from datetime import date, datetime
from typing import Protocol

from attrs import field, frozen

from manchengo.application.keys import KeyLine
from manchengo.domain.ids import UserId


@frozen(kw_only=True)
class DeviceCode:
    """A code that lets one more device in, once. ``written``: whole, to be typed; ``picture``: a
    PNG file of its QR code, which also says where the server is. ``until``: in UTC.
    """

    server: str
    written: str = field(repr=False)
    picture: bytes = field(repr=False)
    until: datetime


@frozen(kw_only=True)
class PersonCode:
    """A code with which somebody begins to sign. ``until``: its last day; None for a recovery key,
    which lasts until it is used.
    """

    written: str = field(repr=False)
    until: date | None


@frozen(kw_only=True)
class LabelKeyState:
    """``newest``: the number of the key under which labels are printed; 0 where there is none.
    ``waiting``: the names of the devices that asked for the keys and lack one.
    """

    newest: int
    waiting: tuple[str, ...]


class Admissions(Protocol):
    """Each method may take long, and raises ``Problem``, also where the person may not do it."""

    def keys(self, user_id: UserId) -> list[KeyLine]:
        """The keys with which that person signs or signed."""
        ...

    def people_here(self) -> frozenset[UserId]:
        """Who has a passphrase or PIN at this device."""
        ...

    def device_code(self, user_id: UserId, minutes: int) -> DeviceCode:
        """A code for one more device of that person, from the server."""
        ...

    def invite(self, user_id: UserId, *, is_recovery: bool) -> PersonCode:
        """A code with which that person begins to sign, wherever they are."""
        ...

    def admit(self, user_id: UserId, request: str) -> None:
        """Admit the key for which another device asks. ``request``: what that device said."""
        ...

    def give_secret(self, user_id: UserId, secret: str) -> None:
        """A new key at this device for somebody, who chose that passphrase or PIN."""
        ...

    def let_try_again(self, user_id: UserId) -> None:
        """Forget the wrong tries of somebody at this device."""
        ...

    def label_keys(self) -> LabelKeyState:
        """The keys of labels."""
        ...

    def make_label_key(self) -> int:
        """Print labels under a new key from now on; its number."""
        ...

    def give_label_keys(self) -> None:
        """Give the keys of labels to all devices that asked for them."""
        ...
