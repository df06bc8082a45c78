"""Disks: what a node keeps when its power goes, what a picture of it holds, and how it dies.

A disk dies at a write of the store: the node's process is gone at that instant, and what is left is
what was durable. A picture is the disk as it was at some moment, to be put back or given away.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol, cast
from uuid import UUID

from attrs import define

from manchengo import MemoryStore
from manchengo.domain.commit import START, Tip
from manchengo.domain.ids import DeviceId
from manchengo.ports import audit_chain
from manchengo.ports.audit import AuditEntry
from manchengo.ports.settings import COPY_OF, DEVICE, FORMER_DEVICES
from manchengo.ports.store import Snapshot, Store, Transaction
from manchengo_sqlite import SqliteStore
from tests.support.blank_files import new_file
from tests.support.stores import IN_RAM, KEY

WRITES = frozenset(
    [
        "append",
        "enter",
        "confirm",
        "roll_back",
        "predict",
        "reopen",
        "reseal",
        "move_to_end",
        "set_tip",
        "put",
        "drop",
        "drop_views",
        "set_setting",
        "flush",
    ]
)


class Died(BaseException):
    """The process of one node ended, wherever it was. Nothing in it may catch that."""


@define
class Fragile:
    """A store that dies at the write it is told to: before it, or around the commit."""

    inner: Store
    fuse: int | None = None
    at_death: Callable[[], None] = lambda: None

    @contextmanager
    def writing(self, *, durable: bool = True) -> Iterator[Transaction]:
        with self.inner.writing(durable=durable) as transaction:
            self.began(transaction)
            if self.fuse is None:
                yield transaction
            else:
                yield cast(Transaction, _Watched(transaction, self.burn))
                self.burn()
        self.burn()

    def began(self, transaction: Transaction) -> None:
        """For a disk on which more can happen."""

    @contextmanager
    def reading(self) -> Iterator[Snapshot]:
        with self.inner.reading() as snapshot:
            yield snapshot

    def note(self, entry: AuditEntry) -> None:
        self.inner.note(entry)

    def damaged_pages(self) -> list[str] | None:
        return self.inner.damaged_pages()

    def spare(self) -> None:
        """What was to happen to it does not."""
        self.fuse = None

    def burn(self) -> None:
        if self.fuse is None:
            return
        self.fuse -= 1
        if self.fuse <= 0:
            self.fuse = None
            self.at_death()
            raise Died


class _Watched:
    """A transaction each of whose writes burns the fuse."""

    def __init__(self, transaction: Transaction, burn: Callable[[], None]) -> None:
        self._transaction, self._burn = transaction, burn

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._transaction, name)
        if name not in WRITES:
            return found

        def write(*words: Any, **named: Any) -> Any:
            self._burn()
            return found(*words, **named)

        return write


class Disk(Protocol):
    """``store`` is what production code is given. ``faults``: what it raises when the machine is in
    its way. ``knows_a_copy``: whoever opens what was put back sees that it is a copy; else somebody
    has to say so.
    """

    store: Fragile
    faults: tuple[type[Exception], ...]
    knows_a_copy: bool

    def picture(self) -> Any:
        """All that is durable now."""

    def put_back(self, picture: Any) -> None:
        """As it was when the picture was taken."""

    def restart(self) -> None:
        """The process died and another begins."""

    def blank(self) -> "Disk":
        """An empty disk of the same make."""

    def close(self) -> None: ...


class MemoryDisk:
    """A store in memory: a transaction that is not ended leaves nothing."""

    faults: tuple[type[Exception], ...] = ()
    knows_a_copy = True

    def __init__(self) -> None:
        self.store = Fragile(MemoryStore())

    def picture(self) -> MemoryStore:
        return duplicate(cast(MemoryStore, self.store.inner))

    def put_back(self, picture: MemoryStore) -> None:
        self.store = Fragile(duplicate(picture))

    def restart(self) -> None:
        self.put_back(self.picture())

    def blank(self) -> "MemoryDisk":
        return MemoryDisk()

    def close(self) -> None:
        pass


def duplicate(store: MemoryStore) -> MemoryStore:
    """A store with the same content: values are shared, since none ever changes."""
    twin = MemoryStore()
    twin._commits = dict(store._commits)
    twin._streams = {key: list(stream) for key, stream in store._streams.items()}
    twin._tips = dict(store._tips)
    twin._log = list(store._log)
    twin._entries = dict(store._entries)
    twin._pending = dict(store._pending)
    twin._rewinds = store._rewinds
    for kind, table in store._tables.items():
        copy = twin._tables[kind]
        copy.rows = dict(table.rows)
        copy.index = {
            column: {value: dict(keys) for value, keys in entries.items()}
            for column, entries in table.index.items()
        }
    twin._settings = dict(store._settings)
    twin._audit = dict(store._audit)
    twin._received = dict(store._received)
    return twin


class SqliteDisk:
    """An encrypted file: the picture is the bytes of the file and of what is written ahead."""

    faults: tuple[type[Exception], ...] = ()
    knows_a_copy = True

    def __init__(self) -> None:
        self._held = TemporaryDirectory(prefix="simulation-", dir=IN_RAM)
        self.folder = Path(self._held.name)
        self.path = self.folder / "dairy.db"
        self._left: dict[str, bytes] | None = None
        new_file(self.path, key=KEY).close()
        self.store = self._open()

    def picture(self) -> dict[str, bytes]:
        return {
            file.name: file.read_bytes()
            for file in sorted(self.folder.iterdir())
            if file.name.endswith((".db", "-wal"))
        }

    def put_back(self, picture: dict[str, bytes]) -> None:
        self._shut()
        for file in self.folder.iterdir():
            file.unlink()
        for name, content in picture.items():
            (self.folder / name).write_bytes(content)
        self.store = self._open()

    def restart(self) -> None:
        left = self._left if self._left is not None else self.picture()
        self._left = None
        self.put_back(left)

    def blank(self) -> "SqliteDisk":
        return SqliteDisk()

    def close(self) -> None:
        self._shut()
        self._held.cleanup()

    def _open(self) -> Fragile:
        return Fragile(SqliteStore.open(self.path, key=KEY), at_death=self._remember)

    def _remember(self) -> None:
        """The files as they are in the middle of the transaction, before anybody rolls it back."""
        self._left = self.picture()

    def _shut(self) -> None:
        cast(SqliteStore, self.store.inner).close()


# ---------------------------------------------------------------- who a copy is


def name_of(store: Store) -> DeviceId:
    with store.reading() as snapshot:
        return DeviceId(UUID(snapshot.setting(DEVICE) or ""))


def _shared_with_a_copy(snapshot: Snapshot) -> int:
    tip = audit_chain.head(snapshot, audit_chain.TIP).sequence
    return audit_chain.shared_with_a_copy(tip, int(snapshot.setting(audit_chain.CLOSED) or 0))


def become_a_copy(store: Fragile, new: DeviceId) -> None:
    """As ``manchengo_sqlite.restored_device`` does when a backup is opened."""
    with store.inner.writing() as transaction:
        former = DeviceId(UUID(transaction.setting(DEVICE) or ""))
        transaction.set_setting(COPY_OF, str(former))
        transaction.set_setting(DEVICE, str(new))
        known = transaction.setting(FORMER_DEVICES) or ""
        transaction.set_setting(FORMER_DEVICES, f"{known} {former}".strip())
        shared = str(_shared_with_a_copy(transaction))
        transaction.set_setting(audit_chain.ANSWERS_FOR + str(former), shared)
        transaction.set_setting(audit_chain.SHARED, shared)
        stamp = transaction.tip(former).hlc
        transaction.set_tip(new, Tip(sequence=START.sequence, hash=START.hash, hlc=stamp))
