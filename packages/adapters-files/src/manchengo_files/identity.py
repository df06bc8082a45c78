"""Has this row been imported before? A row is recognised by its values, wherever it stands.

The id of its command is derived from its typed values, so the same row twice, the same file again,
or the same rows from a workbook ask for something the log already holds. Each device derives its
own ids, because two devices may import one file before they meet, and a commit id must not name
two different commits. A row that came in by an import since undone has the next *generation* of
its id: the log keeps what was undone, and the row may come in again.
"""

from collections.abc import Collection, Iterable, Mapping
from itertools import chain
from uuid import uuid5

import msgspec
from attrs import define, field

from manchengo.application.imported_commits import standing
from manchengo.domain.ids import CommitId, DeviceId, ImportId
from manchengo.domain.import_batch import ImportKind
from manchengo.ports.rows import ImportRow
from manchengo.ports.store import Snapshot, Transaction
from manchengo_files.kinds.line import Line

_CANONICAL = msgspec.json.Encoder(order="sorted")


def content_key(kind: ImportKind, lines: Iterable[Line]) -> str:
    """A text that is the same for the same values, in whatever order the lines come."""
    content = sorted(_CANONICAL.encode(line.facts()) for line in lines)
    return f"{kind} {b' '.join(content).decode()}"


def command_id(device_id: DeviceId, content: str, generation: int = 0) -> CommitId:
    """The id of the command of a row: the same content on the same device has the same id.
    ``generation``: how often it was undone before.
    """
    return CommitId(uuid5(device_id, f"{content} {generation}"))


def cut_short(
    snapshot: Snapshot, device_id: DeviceId, kind: ImportKind, digest: str
) -> ImportId | None:
    """The import of that file that this device began and never finished; None where there is none.
    ``digest``: of the file.
    """
    for row in snapshot.rows(ImportRow, digest=digest):
        if (row.status, row.kind) == ("interrupted", kind):
            begun = snapshot.commit(snapshot.stream(row.id)[0].commit_id)
            if begun is not None and begun.device_id == device_id:
                return row.id
    return None


@define
class ImportedRows:
    """Which rows the log holds, inside one transaction. Call ``look_up`` before ``new_id``."""

    _transaction: Transaction
    _devices: tuple[DeviceId, ...]
    _undone: Mapping[ImportId, Collection[CommitId]]
    """By import that was undone, its commits that still stand: of one that was undone in part."""
    _first_ids: dict[str, list[CommitId]] = field(factory=dict)
    _known: set[CommitId] = field(factory=set)

    @classmethod
    def of(cls, transaction: Transaction, device_id: DeviceId, kind: ImportKind) -> "ImportedRows":
        """Those of imports of that kind, on any device, that were not undone."""
        others = (each for each in transaction.tips() if each != device_id)
        undone, in_part = (
            [row.id for row in transaction.rows(ImportRow, status=status) if row.kind == kind]
            for status in ("undone", "undoing")
        )
        return cls(
            transaction,
            (device_id, *others),
            {row: frozenset() for row in undone}
            | {row: frozenset(standing(transaction, row)) for row in in_part},
        )

    def look_up(self, contents: Iterable[str]) -> None:
        """Ask the log about many rows at once."""
        for content in contents:
            self._first_ids[content] = [command_id(device, content) for device in self._devices]
        self._known |= self._transaction.known(list(chain(*self._first_ids.values())))

    def new_id(self, content: str) -> CommitId | None:
        """The id under which it comes in now; None when it has come in already, from anywhere."""
        chosen, known = self._ids(content)
        return None if known else chosen

    def is_of(self, import_id: ImportId, content: str) -> bool:
        """Whether it came in by that import."""
        _chosen, known = self._ids(content)
        commit = self._transaction.commit(known) if known else None
        return commit is not None and commit.import_id == import_id

    def _ids(self, content: str) -> tuple[CommitId | None, CommitId | None]:
        """The id under which it would come in, as far as was looked, and that by which it did."""
        chosen = None
        for device, candidate in zip(self._devices, self._first_ids[content], strict=True):
            generation = 0
            while candidate in self._known:
                if not self._was_undone(candidate):
                    return chosen, candidate
                generation += 1
                candidate = command_id(device, content, generation)
                self._known |= self._transaction.known([candidate])
            chosen = chosen or candidate  # this device's own comes first
        return chosen, None

    def came_in(self, command_id: CommitId) -> None:
        """Remembers one more."""
        self._known.add(command_id)

    def _was_undone(self, command_id: CommitId) -> bool:
        if not self._undone:
            return False
        commit = self._transaction.commit(command_id)
        assert commit is not None, "a known commit is stored"
        if commit.import_id is None or commit.import_id not in self._undone:
            return False
        return command_id not in self._undone[commit.import_id]
