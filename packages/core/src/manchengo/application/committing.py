"""Decide and append: the one way by which anything enters the log."""

from datetime import date

from attrs import frozen

from manchengo import codec
from manchengo.application.authors import Author, admits_own_key, check_author
from manchengo.application.authorship import family_of, plant_of, signed_by_author
from manchengo.application.command_check import check_commit, check_id, encoded
from manchengo.application.decide import decide
from manchengo.application.entry_size import check_size
from manchengo.application.hlc import tick
from manchengo.application.order_prices import leaves_out_a_price, with_prices, with_prices_of
from manchengo.application.permissions import permit, permit_all
from manchengo.application.unit_of_work import StateCache, UnitOfWork
from manchengo.application.views.projection import changes
from manchengo.commands import Command, FoundPlant
from manchengo.domain.access import Actor
from manchengo.domain.commit import NO_HASH, Commit, Recorded
from manchengo.domain.errors import CommandIdReused
from manchengo.domain.genesis import fingerprint
from manchengo.domain.ids import CommitId, EventId, ImportId
from manchengo.ports.clock import Clock
from manchengo.ports.ids import Ids
from manchengo.ports.rows import Row
from manchengo.ports.settings import PLANT_ID
from manchengo.ports.signer import Signer
from manchengo.ports.store import Transaction


@frozen
class Admitted:
    """A command that may be decided on. ``name``, ``content``: as it is stored."""

    command: Command
    name: str
    content: bytes


def admit(actor: Actor, command: Command) -> Admitted:
    """The command, found whole and allowed; ``Refused`` otherwise."""
    admitted = _stored_as(command)
    permit(actor, command)
    return admitted


def _stored_as(command: Command) -> Admitted:
    content = encoded(command)
    return Admitted(command, codec.commands.name(command), content)


@frozen(kw_only=True)
class Committer:
    """Who writes, with what clock and ids, and what is remembered between commands. ``signer``: the
    actor's key; None where commits are not signed by their author. ``is_server``: the server writes
    by itself, and asks nobody for a key.
    """

    actor: Actor
    clock: Clock
    ids: Ids
    state_cache: StateCache
    signer: Signer | None = None
    is_server: bool = False

    def execute(
        self,
        transaction: Transaction,
        admitted: Admitted,
        command_id: CommitId,
        import_id: ImportId | None = None,
    ) -> Commit:
        """Decide, append the commit, write the view rows that changed. All, or ``Refused``. What
        was executed under that id before is answered again.
        """
        check_id(admitted.name, command_id)
        known = _answered(transaction, admitted, command_id)
        if known is not None:
            return known
        author = self._author(transaction, admitted)
        work = UnitOfWork(
            transaction,
            self.state_cache,
            author_id=author.user_id,
            author_key=author.key.hex() if author.key else "",
            device_id=self.actor.device_id,
        )
        if not self.is_server:
            check_author(work, author)
        permit_all(work, self.actor, admitted.command)
        if leaves_out_a_price(admitted.command):
            admitted = _stored_as(with_prices(work, admitted.command))
        decide(work, admitted.command)
        commit = self._commit(transaction, work, admitted, command_id, import_id)
        check_size(commit)
        shown = view_changes(work)  # before anything is stored: what cannot be shown is refused
        if isinstance(admitted.command, FoundPlant):
            transaction.set_setting(PLANT_ID, str(fingerprint(admitted.command)))
        transaction.append(commit)
        store_views(transaction, shown)
        work.remember()
        return commit

    def _author(self, transaction: Transaction, admitted: Admitted) -> Author:
        device_id = self.actor.device_id
        return Author(
            user_id=self.actor.user_id,
            device_id=device_id,
            command_type=admitted.name,
            key=self.signer.key if self.signer else None,
            family_id=family_of(transaction, device_id) if self.signer else None,
            admits=admits_own_key(self.actor.user_id, admitted.command),
            founds=admitted.command if isinstance(admitted.command, FoundPlant) else None,
            on=self.clock.today(),
        )

    def _commit(
        self,
        transaction: Transaction,
        work: UnitOfWork,
        admitted: Admitted,
        command_id: CommitId,
        import_id: ImportId | None,
    ) -> Commit:
        now = self.clock.now()
        device_id = self.actor.device_id
        tip = transaction.tip(device_id)
        on = getattr(admitted.command, "on", None)
        commit = Commit(
            id=command_id,
            device_id=device_id,
            user_id=self.actor.user_id,
            sequence=tip.sequence + 1,
            occurred_at=now,
            hlc=tick(tip.hlc, now, device_id),
            on=on if isinstance(on, date) else self.clock.today(),
            command_type=admitted.name,
            command_version=codec.commands.version(admitted.name),
            command=admitted.content,
            import_id=import_id,
            events=tuple(self._recorded(work)),
            previous=tip.hash,
            hash=NO_HASH,
        )
        check_commit(commit)
        if self.signer is not None:
            plant_id = plant_of(transaction, admitted.command)
            commit = signed_by_author(transaction, commit, self.signer, plant_id=plant_id)
        return codec.sealed(commit)

    def _recorded(self, work: UnitOfWork) -> list[Recorded]:
        return [
            Recorded(
                id=EventId(self.ids.new()),
                aggregate_type=new.aggregate.name,
                aggregate_id=new.aggregate_id,
                event_type=(name := codec.events.name(new.event)),
                schema_version=codec.events.version(name),
                payload=codec.events.encode_readable(new.event),
                version=new.version,
            )
            for new in work.new_events
        ]


def _answered(transaction: Transaction, admitted: Admitted, command_id: CommitId) -> Commit | None:
    """What that command id left when it was first executed; None when it is new."""
    known = transaction.commit(command_id)
    if known is None:
        return None
    if leaves_out_a_price(admitted.command):
        admitted = _stored_as(with_prices_of(admitted.command, known))
    if known.command_type != admitted.name or known.command != admitted.content:
        raise CommandIdReused(
            command_id=command_id, recorded=known.command_type, given=admitted.name
        )
    return known


ViewChanges = list[tuple[list[Row], list[Row]]]
"""Rows to drop and rows to write then, aggregate by aggregate."""


def view_changes(work: UnitOfWork) -> ViewChanges:
    """What the command changes of the views."""
    return [
        changes(aggregate.name, before, after) for aggregate, _, before, after in work.changes()
    ]


def store_views(transaction: Transaction, shown: ViewChanges) -> None:
    """Drop the rows that no longer are, and store those that changed."""
    for gone, changed in shown:
        if gone:
            transaction.drop(gone)
        transaction.put(changed)


def write_views(transaction: Transaction, work: UnitOfWork) -> None:
    """Both, for what is known to stand."""
    store_views(transaction, view_changes(work))
