"""An import: a file that came in row by row, remembered whole so that it can be undone whole.

Undoing never erases. Each aggregate the batch touched receives ``EntriesUndone``: its last entries
are read as if they had not happened, while the log keeps them. It is allowed only where nothing
since depends on them, which is to say where they still *are* the last.

A large import is undone in parts, the last rows first: each part is a commit of a size that
travels.
"""

from datetime import date
from enum import StrEnum
from typing import assert_never

from attrs import evolve as changed
from attrs import field, frozen, validators

from manchengo.domain.errors import Refused, WrongState, reason_given
from manchengo.domain.ids import CommitId, ImportId
from manchengo.domain.values import whole


class ImportKind(StrEnum):
    """What the rows of an imported file are about."""

    SUPPLIERS = "suppliers"
    CLIENTS = "clients"
    PRODUCTS = "products"
    PRICES = "prices"
    RECIPES = "recipes"
    LOTS = "lots"
    PRODUCTION = "production"
    SALES = "sales"
    DELIVERIES = "deliveries"
    OPENING_STOCK = "opening-stock"


@frozen(kw_only=True)
class StartImport:
    """Begins the import of a file: commits with its ``import_id`` are one batch.

    ``digest``: SHA-256 of the file, in hexadecimal.

    Refused: ``AlreadyExists``.
    """

    import_id: ImportId
    kind: ImportKind
    file_name: str
    digest: str
    on: date


@frozen(kw_only=True)
class FinishImport:
    """The file was read to its end.

    ``accepted``, ``unchanged``, ``refused``: how many rows were recorded, changed nothing, or were
    refused.

    Refused: ``WrongState``.
    """

    import_id: ImportId
    accepted: int = field(validator=whole)
    unchanged: int = field(validator=whole)
    refused: int = field(validator=whole)


@frozen(kw_only=True)
class UndoImport:
    """Undoes everything the batch did, or nothing.

    ``back_to``: only what is still in force of that commit and of those of the import after it;
    the import is undone in part then.

    Refused: ``LastAdministrator``, ``NoSuchEntry``, ``ReasonMissing``, ``SomethingDependsOnIt``,
    ``WrongState``.
    """

    import_id: ImportId
    reason: str
    back_to: CommitId | None = None


ImportCommand = StartImport | FinishImport | UndoImport


@frozen(kw_only=True)
class ImportStarted:
    """An import began."""

    import_id: ImportId
    kind: ImportKind
    file_name: str
    digest: str
    on: date


@frozen(kw_only=True)
class ImportFinished:
    """Its last row was read."""

    accepted: int
    unchanged: int
    refused: int


@frozen(kw_only=True)
class ImportUndone:
    """What it recorded was undone."""

    reason: str


@frozen(kw_only=True)
class ImportUndoneInPart:
    """What it recorded from that commit on was undone; what came before it still stands."""

    reason: str
    back_to: CommitId


ImportEvent = ImportStarted | ImportFinished | ImportUndoneInPart | ImportUndone


@frozen(kw_only=True)
class EntriesUndone:
    """The last ``entries`` of this aggregate, made by ``import_id``, are skipped by the fold."""

    import_id: ImportId
    entries: int = field(validator=[validators.instance_of(int), validators.gt(0)])


@frozen(kw_only=True)
class SomethingDependsOnIt(Refused):
    """Since the import, something else was recorded on what it created or changed.

    ``kind`` and ``code``: what the import brought. ``by_kind`` and ``by_code``: what depends on it;
    ``by_import``: the import that recorded that, where one did, which may be undone first.
    """

    import_id: ImportId
    kind: str
    code: str
    on: date | None
    by_kind: str
    by_code: str
    by_import: ImportId | None


@frozen(kw_only=True)
class ImportBatch:
    """An import: a file whose rows became commands. ``undone``: why; ``undone_back_to``: from
    which of its commits on, where those before it still stand.
    """

    id: ImportId
    kind: ImportKind
    file_name: str
    digest: str
    on: date
    finished: ImportFinished | None = None
    undone: str | None = None
    undone_back_to: CommitId | None = None

    @property
    def status(self) -> str:
        """Interrupted until it is finished; undone for good."""
        if self.undone is not None:
            return "undoing" if self.undone_back_to else "undone"
        return "finished" if self.finished else "interrupted"


def start(command: StartImport) -> tuple[ImportEvent, ...]:
    """Opens an import."""
    return (
        ImportStarted(
            import_id=command.import_id,
            kind=command.kind,
            file_name=command.file_name,
            digest=command.digest,
            on=command.on,
        ),
    )


def finish(batch: ImportBatch, command: FinishImport) -> tuple[ImportEvent, ...]:
    """Closes it with the counts of its rows."""
    _stands(batch, "finish", whole=True)
    return (
        ImportFinished(
            accepted=command.accepted, unchanged=command.unchanged, refused=command.refused
        ),
    )


def undo(batch: ImportBatch, command: UndoImport) -> tuple[ImportEvent, ...]:
    """Undoes it or a part of it, once, with a reason."""
    _stands(batch, "undo", whole=False)
    reason = reason_given(command.reason, "undo")
    if command.back_to is not None:
        return (ImportUndoneInPart(reason=reason, back_to=command.back_to),)
    return (ImportUndone(reason=reason),)


def evolve(batch: ImportBatch | None, event: ImportEvent) -> ImportBatch:
    """The import after the event."""
    if isinstance(event, ImportStarted):
        return ImportBatch(
            id=event.import_id,
            kind=event.kind,
            file_name=event.file_name,
            digest=event.digest,
            on=event.on,
        )
    assert batch is not None, "an import starts before anything else happens to it"
    match event:
        case ImportFinished():
            return changed(batch, finished=event)
        case ImportUndoneInPart():
            return changed(batch, undone=event.reason, undone_back_to=event.back_to)
        case ImportUndone():
            return changed(batch, undone=event.reason, undone_back_to=None)
        case _:
            assert_never(event)


def _stands(batch: ImportBatch, step: str, *, whole: bool) -> None:
    """``WrongState`` once it is undone; where it has to be ``whole``, in part too."""
    if batch.status == "undone" or (whole and batch.undone is not None):
        raise already_undone(batch, step)


def already_undone(batch: ImportBatch, step: str) -> WrongState:
    """The refusal where what is asked for was undone before."""
    return WrongState(
        kind="import", id=batch.id, code=batch.file_name, state=batch.status, step=step
    )
