"""Decide and append: the one way by which anything enters the log."""

from datetime import date

from attrs import frozen

from manchengo import codec
from manchengo.application.books import Books, Memo
from manchengo.application.decide import decide
from manchengo.application.hlc import tick
from manchengo.application.views.projection import changes
from manchengo.commands import NEEDS, Command
from manchengo.domain.access import Actor, NotPermitted
from manchengo.domain.commit import NO_HASH, Commit, Recorded
from manchengo.domain.errors import Refused
from manchengo.domain.ids import CommitId, EventId, ImportId
from manchengo.ports.clock import Clock
from manchengo.ports.ids import Ids
from manchengo.ports.store import Transaction


@frozen(kw_only=True)
class CommandIdReused(Refused):
    """That command id was used for another command: the first one stands."""

    command_id: CommitId
    recorded: str
    given: str


def permit(actor: Actor, command: Command) -> None:
    """``NotPermitted`` unless one of the person's roles allows the command."""
    permission = NEEDS[type(command)]
    if not actor.may(permission):
        raise NotPermitted(permission=permission, roles=actor.roles)


def answered(transaction: Transaction, command: Command, command_id: CommitId) -> Commit | None:
    """What that command id left when it was first executed; None when it is new."""
    known = transaction.commit(command_id)
    if known is None:
        return None
    name = codec.commands.name(command)
    if known.command_type != name or known.command != codec.commands.encode(command):
        raise CommandIdReused(command_id=command_id, recorded=known.command_type, given=name)
    return known


@frozen(kw_only=True)
class Committer:
    """Who writes, with what clock and ids, and what is remembered between commands."""

    actor: Actor
    clock: Clock
    ids: Ids
    memo: Memo

    def execute(
        self,
        transaction: Transaction,
        command: Command,
        command_id: CommitId,
        import_id: ImportId | None = None,
    ) -> Commit:
        """Decide, append the commit, write the view rows that changed. All, or ``Refused``."""
        books = Books(transaction, self.memo)
        decide(books, command)
        commit = self._commit(transaction, books, command, command_id, import_id)
        transaction.append(commit)
        write_views(transaction, books)
        books.remember()
        return commit

    def _commit(
        self,
        transaction: Transaction,
        books: Books,
        command: Command,
        command_id: CommitId,
        import_id: ImportId | None,
    ) -> Commit:
        now = self.clock.now()
        device_id = self.actor.device_id
        tip = transaction.tip(device_id)
        on = getattr(command, "on", None)
        name = codec.commands.name(command)
        return codec.sealed(
            Commit(
                id=command_id,
                device_id=device_id,
                user_id=self.actor.user_id,
                sequence=tip.sequence + 1,
                occurred_at=now,
                hlc=tick(tip.hlc, now, device_id),
                on=on if isinstance(on, date) else self.clock.today(),
                command_type=name,
                command_version=codec.commands.version(name),
                command=codec.commands.encode(command),
                import_id=import_id,
                events=tuple(self._recorded(books)),
                previous=tip.hash,
                hash=NO_HASH,
            )
        )

    def _recorded(self, books: Books) -> list[Recorded]:
        return [
            Recorded(
                id=EventId(self.ids.new()),
                aggregate_type=told.aggregate.name,
                aggregate_id=told.aggregate_id,
                event_type=(name := codec.events.name(told.event)),
                schema_version=codec.events.version(name),
                payload=codec.events.encode(told.event),
                version=told.version,
            )
            for told in books.told
        ]


def write_views(transaction: Transaction, books: Books) -> None:
    """Drop the rows that no longer are, and store those that the command changed."""
    for aggregate, _, before, after in books.changes():
        gone, changed = changes(aggregate.name, before, after)
        if gone:
            transaction.drop(gone)
        transaction.put(changed)
