"""What a thread may do until another closes it."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock
from typing import Any

from attrs import define, field, frozen

from manchengo.ports.audit import AuditEntry
from manchengo.ports.store import Snapshot, Store, Transaction


class GateClosed(Exception):
    """It comes too late."""


@define
class Gate:
    """One thread at a time is in it, as deep as it likes. ``close`` waits for it to leave;
    afterwards nobody enters.
    """

    _lock: Any = field(factory=RLock)
    _is_closed: bool = False

    @contextmanager
    def passed(self) -> Iterator[None]:
        """Raises ``GateClosed``."""
        with self._lock:
            if self._is_closed:
                raise GateClosed
            yield

    def close(self) -> None:
        """Returns once nobody is in it."""
        with self._lock:
            self._is_closed = True

    def before(self, store: Store) -> "GatedStore":
        """The store, as long as the gate is open."""
        return GatedStore(store, self)


@frozen
class GatedStore:
    """A store behind a gate: every access raises ``GateClosed`` once that is closed."""

    store: Store
    gate: Gate

    @contextmanager
    def writing(self, *, durable: bool = True) -> Iterator[Transaction]:
        """As the store."""
        with self.gate.passed(), self.store.writing(durable=durable) as transaction:
            yield transaction

    @contextmanager
    def reading(self) -> Iterator[Snapshot]:
        """As the store."""
        with self.gate.passed(), self.store.reading() as snapshot:
            yield snapshot

    def note(self, entry: AuditEntry) -> None:
        """As the store."""
        with self.gate.passed():
            self.store.note(entry)

    def damaged_pages(self) -> list[str] | None:
        """As the store."""
        with self.gate.passed():
            return self.store.damaged_pages()
