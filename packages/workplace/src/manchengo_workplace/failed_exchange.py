"""What went wrong when this database last tried to exchange: kept until an exchange is answered."""

import json
from contextlib import suppress
from datetime import datetime

from attrs import frozen

from manchengo.ports.clock import Clock
from manchengo.ports.storage_errors import StorageError
from manchengo.ports.store import Snapshot, Store
from manchengo_workplace.exchange_failures import SENTENCES
from manchengo_workplace.failures import Failure

LAST_EXCHANGE = "server.last_exchange"
"""The setting that keeps when the server last answered: ISO 8601, UTC."""

LAST_FAILURE = "server.last_failure"


@frozen(kw_only=True)
class FailedExchange:
    """``at``: when it was tried. ``failure``: what a person is told of it."""

    at: datetime
    failure: Failure


def note_failure(store: Store, clock: Clock, failure: Failure) -> None:
    """Keeps what went wrong, and that it was tried now; nothing where the database refuses it: what
    went wrong matters more to whoever is told.
    """
    noted = {
        "at": clock.now().isoformat(),
        "name": failure.name,
        "key": failure.key,
        "values": {name: str(value) for name, value in failure.values.items()},
    }
    with suppress(StorageError), store.writing(durable=False) as transaction:
        transaction.set_setting(LAST_FAILURE, json.dumps(noted))


def failed_exchange(snapshot: Snapshot) -> FailedExchange | None:
    """The last exchange that was tried, if it failed; None where the server answered since."""
    noted = json.loads(snapshot.setting(LAST_FAILURE) or "{}")
    if not noted or noted["at"] < (snapshot.setting(LAST_EXCHANGE) or ""):
        return None
    template = SENTENCES.get(noted["key"], SENTENCES["Unforeseen"])
    failure = Failure(noted["name"], template, noted["values"], key=noted["key"])
    return FailedExchange(at=datetime.fromisoformat(noted["at"]), failure=failure)
