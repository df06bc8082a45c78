"""A client: a shop, a restaurant, a wholesaler, and the freshness it asks for."""

from typing import assert_never

from attrs import evolve as changed
from attrs import field, frozen, validators

from manchengo.domain.details import SENSITIVE, changes, with_changes
from manchengo.domain.errors import Archived, name_given
from manchengo.domain.identity import Identity
from manchengo.domain.ids import ClientId
from manchengo.domain.values import whole


@frozen(kw_only=True)
class RegisterClient:
    """Registers a client.

    ``code``: what people call it; unique among clients. ``minimum_shelf_life_days``: days of life a
    lot must still have when it is allocated. ``price_list``: the code of the list by which the
    client pays; "": the products' own prices.

    Refused: ``AlreadyExists``, ``Archived``, ``CodeMissing``, ``NameMissing``.
    """

    client_id: ClientId
    code: str
    name: str
    category: str = ""
    commune: str = ""
    identity: Identity = Identity()
    price_list: str = ""
    minimum_shelf_life_days: int = field(default=0, validator=whole)


@frozen(kw_only=True)
class ChangeClient:
    """Changes only the given fields; devices merge them field by field.

    ``minimum_shelf_life_days``: in days; 0 requires nothing. ``price_list``: the code of a list;
    "": the client pays the products' own prices.

    Refused: ``Archived``, ``NameMissing``.
    """

    client_id: ClientId
    name: str | None = None
    category: str | None = None
    commune: str | None = None
    identity: Identity | None = None
    price_list: str | None = None
    minimum_shelf_life_days: int | None = field(default=None, validator=validators.optional(whole))


@frozen(kw_only=True)
class ArchiveClient:
    """No new order names the client; what was recorded stays.

    Refused: ``Archived``.
    """

    client_id: ClientId


ClientCommand = RegisterClient | ChangeClient | ArchiveClient


@frozen(kw_only=True)
class ClientRegistered:
    """A client was registered."""

    client_id: ClientId
    code: str
    name: str
    category: str
    commune: str
    identity: Identity
    price_list: str
    minimum_shelf_life_days: int


@frozen(kw_only=True)
class ClientDetailsChanged:
    """Fields of a client changed; None: this one did not."""

    name: str | None
    category: str | None
    commune: str | None
    identity: Identity | None = field(metadata=SENSITIVE)
    price_list: str | None = field(metadata=SENSITIVE)
    minimum_shelf_life_days: int | None


@frozen(kw_only=True)
class ClientArchived:
    """The client gets no new orders."""


ClientEvent = ClientRegistered | ClientDetailsChanged | ClientArchived


@frozen(kw_only=True)
class Client:
    """A client as its next decision needs it. ``minimum_shelf_life_days``: in days; ``price_list``:
    the code of a list, or "".
    """

    id: ClientId
    code: str
    name: str
    category: str
    commune: str
    identity: Identity
    price_list: str
    minimum_shelf_life_days: int
    archived: bool = False

    def active(self) -> "Client":
        """This client, refused when archived."""
        if self.archived:
            raise Archived(kind="client", code=self.code)
        return self


def decide(client: Client | None, command: ClientCommand) -> tuple[ClientEvent, ...]:
    """What the command makes happen to the client; raises the refusals that its class names."""
    match command:
        case RegisterClient():
            return _register(command)
        case ChangeClient():
            return _change(_existing(client).active(), command)
        case ArchiveClient():
            _existing(client).active()
            return (ClientArchived(),)
        case _:
            assert_never(command)


def _register(command: RegisterClient) -> tuple[ClientEvent, ...]:
    return (
        ClientRegistered(
            client_id=command.client_id,
            code=command.code,
            name=name_given(command.name, "client"),
            category=command.category,
            commune=command.commune,
            identity=command.identity,
            price_list=command.price_list,
            minimum_shelf_life_days=command.minimum_shelf_life_days,
        ),
    )


def _change(client: Client, command: ChangeClient) -> tuple[ClientEvent, ...]:
    if command.name is not None:
        name_given(command.name, "client")
    return changes(client, command, ClientDetailsChanged)


def evolve(client: Client | None, event: ClientEvent) -> Client:
    """The client after the event."""
    match event:
        case ClientRegistered():
            return Client(
                id=event.client_id,
                code=event.code,
                name=event.name,
                category=event.category,
                commune=event.commune,
                identity=event.identity,
                price_list=event.price_list,
                minimum_shelf_life_days=event.minimum_shelf_life_days,
            )
        case ClientDetailsChanged():
            return with_changes(_existing(client), event)
        case ClientArchived():
            return changed(_existing(client), archived=True)
        case _:
            assert_never(event)


def _existing(client: Client | None) -> Client:
    assert client is not None, "a client is registered before anything else happens to it"
    return client
