"""Has this row come in before? A row is known by what it says, wherever it stood.

The id of its command is derived from its typed values, so the same row twice, the same file again,
or the same rows from a workbook ask for something the log already holds. Each device derives its
own ids, because two devices may import one file before they meet, and a commit id must not name
two different commits. A row that came in by an import since undone has the next *generation* of
its id: the log keeps what was undone, and the row may come in again.
"""

from collections.abc import Collection, Iterable
from itertools import chain
from uuid import uuid5

import msgspec
from attrs import define, field

from manchengo.domain.ids import CommitId, DeviceId, ImportId
from manchengo.domain.import_batch import ImportKind
from manchengo.ports.rows import ImportRow
from manchengo.ports.store import Transaction
from manchengo_files.kinds.line import Line

_CANONICAL = msgspec.json.Encoder(order="sorted")


def meaning(kind: ImportKind, lines: Iterable[Line]) -> str:
    """What these lines say together, in whatever order: the same text for the same values."""
    said = sorted(_CANONICAL.encode(line.facts()) for line in lines)
    return f"{kind} {b' '.join(said).decode()}"


def command_id(device_id: DeviceId, said: str, generation: int = 0) -> CommitId:
    return CommitId(uuid5(device_id, f"{said} {generation}"))


@define
class Memory:
    """What the log knows of some rows, inside one transaction. ``look_up`` before ``new_id``."""

    _transaction: Transaction
    _devices: tuple[DeviceId, ...]
    _undone: Collection[ImportId]
    _first_ids: dict[str, list[CommitId]] = field(factory=dict)
    _known: set[CommitId] = field(factory=set)

    @classmethod
    def of(cls, transaction: Transaction, device_id: DeviceId, kind: ImportKind) -> "Memory":
        others = (each for each in transaction.tips() if each != device_id)
        undone = transaction.rows(ImportRow, status="undone")
        return cls(
            transaction,
            (device_id, *others),
            frozenset(row.id for row in undone if row.kind == kind),
        )

    def look_up(self, meanings: Iterable[str]) -> None:
        """Ask the log about many rows at once."""
        for said in meanings:
            self._first_ids[said] = [command_id(device, said) for device in self._devices]
        self._known |= self._transaction.known(list(chain(*self._first_ids.values())))

    def new_id(self, said: str) -> CommitId | None:
        """The id under which it comes in now; None when it has come in already, from anywhere."""
        chosen = None
        for device, candidate in zip(self._devices, self._first_ids[said], strict=True):
            generation = 0
            while candidate in self._known:
                if not self._was_undone(candidate):
                    return None
                generation += 1
                candidate = command_id(device, said, generation)
                self._known |= self._transaction.known([candidate])
            chosen = chosen or candidate  # this device's own comes first
        return chosen

    def came_in(self, command_id: CommitId) -> None:
        self._known.add(command_id)

    def _was_undone(self, command_id: CommitId) -> bool:
        if not self._undone:
            return False
        commit = self._transaction.commit(command_id)
        assert commit is not None, "a known commit is stored"
        return commit.import_id in self._undone
