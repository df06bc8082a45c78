"""A device joins a plant: with a one-time code, a key of its own, and whatever it holds already."""

from typing import Protocol

from attrs import frozen

from manchengo.domain.ids import UserId
from manchengo.ports.store import Store
from manchengo_sync import settings
from manchengo_sync.signing import DEVICE_KEY, new_key, public_key
from manchengo_sync.wire import EnrolRequest, EnrolResponse


class Door(Protocol):
    """Where codes are taken: ``http.HttpLink``, or the server itself in a test."""

    def enrol(self, request: EnrolRequest) -> EnrolResponse: ...


@frozen(kw_only=True)
class AnotherPlant(Exception):
    """The database holds the log of one plant, and the code let it in at another: it goes on with
    the first. An empty database may join any.
    """

    plant: str
    asked: str


def own_key(store: Store) -> str:
    """This device's private key, made at the first call and kept in its own database."""
    with store.writing() as transaction:
        key = transaction.setting(DEVICE_KEY)
        if not key:
            key = new_key()
            transaction.set_setting(DEVICE_KEY, key)
    return key


def join(
    store: Store, door: Door, *, url: str, code: str, name: str, user_id: UserId | None = None
) -> EnrolResponse:
    """Be let in, and note where and as whom. Exchange then, or start from a snapshot.

    Where no answer came, the same call again does no harm: the code has let nobody else in.
    ``AnotherPlant``, ``NotJoined`` when the database has no device id; ``LinkError``.
    """
    key = own_key(store)
    with store.reading() as snapshot:
        device_id = settings.device_id(snapshot)
    request = EnrolRequest(
        code=code, device_id=device_id, name=name, public_key=public_key(key), user_id=user_id
    )
    welcome = door.enrol(request)
    with store.writing() as transaction:
        known = transaction.setting(settings.PLANT_ID) or str(welcome.plant_id)
        if transaction.cursor() and known != str(welcome.plant_id):
            raise AnotherPlant(plant=transaction.setting(settings.PLANT) or "", asked=welcome.plant)
        for setting, value in {
            settings.URL: url,
            settings.PLANT_ID: str(welcome.plant_id),
            settings.PLANT: welcome.plant,
            settings.USER_ID: str(welcome.user_id),
            settings.SERVER_KEY: welcome.server_key,
            settings.MARK: welcome.mark,
            settings.KNOWN_AS: str(device_id),
        }.items():
            transaction.set_setting(setting, value)
    return welcome
