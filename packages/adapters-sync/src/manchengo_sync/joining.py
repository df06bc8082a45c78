"""A device joins a plant: with a one-time code, a key of its own, and whatever it holds already."""

from collections.abc import Callable
from typing import Protocol
from uuid import UUID

from attrs import evolve

from manchengo.domain.ids import UserId
from manchengo.ports.rows import UserRow
from manchengo.ports.settings import KNOWN_AS, MARK
from manchengo.ports.store import Snapshot, Store
from manchengo_sync import settings
from manchengo_sync.link import AnotherPlant, Unauthorised
from manchengo_sync.signing import DEVICE_KEY, new_key, public_key
from manchengo_sync.wire import EnrolRequest, EnrolResponse

KEY_WITHDRAWN = "key_withdrawn"
"""The code by which a server says that a device needs a key of its own."""


class EnrolmentLink(Protocol):
    """Where codes are accepted: ``http.HttpLink``, or the server itself in a test."""

    def enrol(self, request: EnrolRequest) -> EnrolResponse:
        """Enrols the device with its one-time code. Raises ``LinkError``."""
        ...


def own_key(store: Store) -> str:
    """This device's private key, made at the first call and kept in its own database."""
    with store.writing() as transaction:
        key = transaction.setting(DEVICE_KEY)
        if not key:
            key = new_key()
            transaction.set_setting(DEVICE_KEY, key)
    return key


def another_key(store: Store, make_key: Callable[[], str] = new_key) -> str:
    """A new private key, in the place of one that was withdrawn with another copy of this base."""
    key = make_key()
    with store.writing() as transaction:
        transaction.set_setting(DEVICE_KEY, key)
    return key


def _plant_to_join(snapshot: Snapshot, named: UUID | None) -> UUID | None:
    """None where any will do. ``AnotherPlant`` where the code is for another than this database's
    own. One of before that nobody founded has no id of its own yet; its people are of no plant
    that exists already, and a code that names one is for that.
    """
    own = settings.own_plant(snapshot)
    if own is None and named is not None and next(snapshot.rows(UserRow, limit=1), None):
        raise AnotherPlant(asked=str(named))
    if own is not None and named not in (None, own):
        raise AnotherPlant(plant=snapshot.setting(settings.PLANT) or str(own), asked=str(named))
    return own or named


def join(
    store: Store,
    link: EnrolmentLink,
    *,
    url: str,
    code: str,
    name: str,
    user_id: UserId | None = None,
    plant_id: UUID | None = None,
    make_key: Callable[[], str] = new_key,
) -> EnrolResponse:
    """Be let in, and note where and as whom. Exchange then, or start from a snapshot.

    Where no answer came, the same call again does no harm: the code has let nobody else in.
    ``plant_id``: of the plant that the code is for, where that came with it. ``NotJoined`` when the
    database has no device id; ``LinkError``. A database that holds the log of one plant, or founded
    one, joins no other (``AnotherPlant``), nor any but the one that the code is for. It names that
    plant, so that the server says so before the code is used.
    """
    with store.reading() as snapshot:
        device_id = settings.device_id(snapshot)
        plant_id = _plant_to_join(snapshot, plant_id)
    request = EnrolRequest(
        code=code,
        device_id=device_id,
        name=name,
        public_key=public_key(own_key(store)),
        user_id=user_id,
        plant_id=plant_id,
    )
    try:
        welcome = link.enrol(request)
    except Unauthorised as refusal:
        if refusal.code != KEY_WITHDRAWN:
            raise
        key = another_key(store, make_key)
        welcome = link.enrol(evolve(request, public_key=public_key(key)))
    with store.writing() as transaction:
        if _plant_to_join(transaction, plant_id) not in (None, welcome.plant_id):
            raise AnotherPlant(plant=transaction.setting(settings.PLANT) or "", asked=welcome.plant)
        for setting, value in {
            settings.URL: url,
            settings.PLANT_ID: str(welcome.plant_id),
            settings.PLANT: welcome.plant,
            settings.USER_ID: str(welcome.user_id),
            settings.SERVER_KEY: welcome.server_key,
            settings.SERVER_SIGNING_KEY: welcome.signing_key,
            MARK: welcome.mark,
            KNOWN_AS: str(device_id),
        }.items():
            transaction.set_setting(setting, value)
    return welcome
