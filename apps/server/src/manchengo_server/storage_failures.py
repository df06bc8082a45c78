"""What the storage refuses, and keys that cannot be read, as a ``Failure`` for the operator."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import attrs

from manchengo.ports.storage_errors import StorageError
from manchengo_presenters.language import _
from manchengo_server.errors import NotFounded
from manchengo_server.failures import failure
from manchengo_server.key_wrapping import WrappingFault
from manchengo_server.settings import Settings


@contextmanager
def storage_errors_as_failures(settings: Settings) -> Iterator[None]:
    """Turns every ``StorageError``, ``WrappingFault`` and ``NotFounded`` into a ``Failure``."""
    try:
        yield
    except (StorageError, WrappingFault, NotFounded) as error:
        facts: dict[str, Any] = {}
        if attrs.has(kind := type(error)):
            facts = {each.name: getattr(error, each.name) for each in attrs.fields(kind)}
        facts.setdefault("path", named(settings))
        raise failure(type(error).__name__, **facts) from error


def named(settings: Settings) -> str:
    """The database's name for messages: never the address, which may hold a password."""
    return _("PostgreSQL") if settings.is_postgres else str(settings.path)
