"""An open database and who works at it: commands, questions, and the care of the file."""

import os
from contextlib import suppress
from pathlib import Path

from attrs import evolve, frozen

from manchengo import Actor, Manchengo, codec
from manchengo.application.counting import Progress, counted, nobody_told
from manchengo.application.integrity import Verification
from manchengo.application.judged_otherwise import JudgedOtherwise, judged_otherwise
from manchengo.application.refusals import audited_facts
from manchengo.application.views.rebuild import digest, stored_rows
from manchengo.application.whole_reading import verify_store
from manchengo.commands import Command
from manchengo.domain.access import Permission
from manchengo.domain.errors import Refused
from manchengo.domain.ids import UserId
from manchengo.ports.audit import AuditEntry
from manchengo.ports.clock import Clock
from manchengo.ports.ids import Ids
from manchengo.ports.signature_check import SignatureCheck
from manchengo.ports.signer import Signer
from manchengo.ports.storage_errors import StorageError
from manchengo_sqlite import SqliteStore
from manchengo_workplace.acting import ANYONE
from manchengo_workplace.sign_in import SignIn


@frozen(kw_only=True)
class Copied:
    """``how``: "made", "updated" with ``commits_added``, or, whole, "made_again"; ``because``: why
    adding to what was there would not do. ``is_noted``: whether the audit says so.
    """

    how: str
    commits_added: int | None = None
    because: str | None = None
    is_noted: bool = True

    @property
    def action(self) -> str:
        """What the audit calls it."""
        return f"backup.{self.how}"


@frozen(kw_only=True)
class Workplace:
    """An open database and who works at it."""

    path: Path
    encrypted: bool
    store: SqliteStore
    clock: Clock
    ids: Ids
    actor: Actor
    user: str
    dairy: Manchengo
    sign_in: SignIn
    signer: Signer | None = None
    """The key of who acts, unlocked; None where nobody has signed in."""
    is_believed: bool = True
    """Whether who acts has proved who they are, or the plant does not ask for it."""

    @property
    def is_nobody(self) -> bool:
        """Whether nobody has said who they are."""
        return self.actor.user_id == ANYONE.id

    @property
    def proved_user_id(self) -> UserId:
        """Who acts, as the audit has them: nobody, where a name was given and not proved."""
        return self.actor.user_id if self.is_believed else ANYONE.id

    @property
    def may_go_on(self) -> bool:
        """Whether who acts would be let act now: active, with the same roles, and the same key."""
        return self.sign_in.may_go_on(self.actor.user_id, self.actor.roles, self.signer)

    def note(self, action: str, facts: str = "{}") -> None:
        """Keep in the audit what no commit says, as that a backup was made."""
        self.store.note(
            AuditEntry(
                at=self.clock.now(),
                user_id=self.proved_user_id,
                device_id=self.actor.device_id,
                action=action,
                outcome="done",
                facts=facts,
            )
        )

    def note_refusal(self, command: Command, refusal: Refused) -> None:
        """Keep in the audit that the person may not do that, where work that leads to the command
        is refused before it.
        """
        self.store.note(
            AuditEntry(
                at=self.clock.now(),
                user_id=self.proved_user_id,
                device_id=self.actor.device_id,
                action=codec.commands.name(command),
                outcome=type(refusal).__name__,
                facts=audited_facts(refusal),
            )
        )

    def verify(
        self,
        signatures: SignatureCheck | None = None,
        *,
        whole: bool = True,
        progress: Progress = nobody_told,
    ) -> Verification:
        """Check the database; not ``whole``: as ``Manchengo.verify``, where somebody has proved who
        they are. ``NotPermitted``; but where nobody can be found in what is damaged,
        or has proved who they are, nobody is asked for a right, since everybody has it.
        ``signatures``: who checks those of the log; ``server.signature_check`` makes one.

        What came of it is noted where anything can be: what is damaged or full is verified too. Of
        somebody who proved nothing, only that something is wrong.
        """
        if self.is_believed:
            return self.dairy.verify(signatures, whole=whole, progress=progress)
        found = verify_store(self.store, signatures, progress=progress)
        if not found.sound:
            with suppress(StorageError):
                self.note("log.verified", '{"sound":false}')
        return found

    def judged_otherwise(self, *, progress: Progress = nobody_told) -> tuple[JudgedOtherwise, ...]:
        """The entries of the log, which has to be sound, that this program would have judged
        otherwise. Meanwhile the log is written once more beside the database, encrypted, and needs
        as much room; one of ``manchengo_sqlite.errors`` where there is none.
        """
        from manchengo_sqlite.scratch import scratch_beside  # late: most commands need none

        with self.store.reading() as snapshot, scratch_beside(self.path) as scratch:
            whole = snapshot.cursor()
            reading = counted(snapshot, lambda done: progress(min(done, whole), whole))
            return tuple(judged_otherwise(reading, scratch=scratch))

    def digest(self) -> str:
        """One number over all tables, which shows nothing of them: two devices have the same where
        they say the same.
        """
        with self.store.reading() as snapshot:
            return digest(stored_rows(snapshot))

    def rebuild(self, progress: Progress = nobody_told) -> int:
        """Make every view again; the number of rows made. ``NotPermitted``."""
        return self.dairy.rebuild(progress=progress)

    def backup(self, to: Path, *, whole: bool, progress: Progress | None = None) -> Copied:
        """A backup at that place: made, or brought up to date where there is one.
        ``NotPermitted``.

        The audit says that it begins, and then that it is there: of a copy whose program was killed
        in between, the audit and the copy itself say who asked for it. Where the disk takes no
        record, as when it is full, a backup is made all the same.
        """
        self.dairy.permit(Permission.BACK_UP, "backup.made")
        self._note_where_possible("backup.begun")
        copied = self._copied(to, whole=whole, progress=progress)
        return evolve(copied, is_noted=self._note_where_possible(copied.action))

    def _note_where_possible(self, action: str) -> bool:
        try:
            self.note(action)
        except StorageError:
            return False
        return True

    def _copied(self, to: Path, *, whole: bool, progress: Progress | None) -> Copied:
        from manchengo_sqlite import backup as backups  # late: most commands make none
        from manchengo_sqlite import incremental_backup

        if not os.path.lexists(to):
            backups.backup(self.store.engine, to, progress=progress)
            return Copied(how="made")
        done = incremental_backup.refresh(self.store.engine, to, whole=whole, progress=progress)
        if done.whole is None:
            return Copied(how="updated", commits_added=done.commits)
        return Copied(how="made_again", commits_added=done.commits, because=done.whole.value)
