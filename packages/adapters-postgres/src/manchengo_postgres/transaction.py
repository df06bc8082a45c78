"""The one writing transaction: what a command adds is gathered, and sent in few round trips."""

from collections.abc import Iterable

from manchengo import codec
from manchengo.domain.commit import NO_HASH, Commit, LogEntry, Recorded, Tip
from manchengo.domain.ids import CommitId, DeviceId
from manchengo.ports.rows import VIEWS, Row
from manchengo.ports.store import CommitExists
from manchengo.ports.stored import Stored
from manchengo_postgres import statements as sql
from manchengo_postgres import texts
from manchengo_postgres.audit_tables import AuditWriter
from manchengo_postgres.columns import commit_columns, recorded_columns
from manchengo_postgres.write_buffer import PostgresWriteBuffer


class PostgresTransaction(PostgresWriteBuffer, AuditWriter):
    """Implements ``manchengo.ports.store.Transaction``; ``flush`` before it is committed."""

    def append(self, commit: Commit) -> None:
        position = self._add(commit)
        self._queued.append((position, None))
        self._happen(position, commit.events, derived_from=len(commit.events))

    def enter(self, entry: LogEntry) -> None:
        commit = entry.commit
        stored = self._stored_at(commit.id)
        if stored is not None and stored[1] != commit.hash:
            self._remove(stored[0], commit.id)
            stored = None
        if stored is None:
            position = self._add(commit, entry)
            self._spread(position, commit, entry.effective, entry=None, is_stored=False)
        else:
            position, _, place = stored
            marked = None if place is None else entry.global_seq
            self._spread(position, commit, entry.effective, entry=marked, is_stored=True)
            self._place(position, entry)
        self._add_entry(position, entry)

    def confirm(self, entry: LogEntry) -> None:
        position = self._stored_position(entry.commit.id)
        self._place(position, entry)
        self._add_entry(position, entry)

    def roll_back(self, commit_id: CommitId) -> None:
        stored = self._waiting(commit_id)
        self._undo(stored.position, None)
        self._do(sql.SET_SEAL, _seal(stored, ()), stored.position)

    def predict(self, commit_id: CommitId, effective: tuple[Recorded, ...] | None) -> None:
        stored = self._waiting(commit_id)
        self._do(sql.SET_SEAL, _seal(stored, effective), stored.position)
        self._spread(stored.position, stored.commit, effective, entry=None, is_stored=True)

    def reopen(self) -> CommitId:
        self.flush()
        cursor = self.cursor()
        (stored,) = self._stored(self._all(sql.ENTRY, cursor))
        is_only = len(self._all(sql.PLACES_OF_COMMIT, stored.position)) == 1
        self._undo(stored.position, None if is_only else cursor)
        self._do(sql.REMOVE_ENTRY, cursor)
        before = self._first(sql.LOG_HASH, cursor - 1)
        self._count(global_seq=cursor - 1, log_hash=before[0] if before else NO_HASH)
        self._do(sql.UNPLACE, stored.position)
        if is_only:
            self._queued.append((stored.position, _seal(stored, ())))
        return stored.commit.id

    def reseal(self, commit_id: CommitId, commit: Commit) -> None:
        position = self._stored_position(commit_id)
        self._absent.discard(commit.id)
        self._do(
            sql.RESEAL,
            commit.id,
            commit.device_id,
            commit.sequence,
            commit.on,
            commit.command_type,
            commit.command_version,
            commit.command,
            commit.previous,
            commit.hash,
            codec.encode_authorship(commit.authorship),
            commit_id,
        )
        self._do(sql.SET_SEAL, codec.effects_hash(commit.hash, ()), position)

    def move_to_end(self, commit_id: CommitId) -> None:
        position = self._stored_position(commit_id)
        last = self._counter.position + 1
        self._count(position=last)
        self._do(sql.MOVE_TO_END, last, position, last, position, last, position)

    def set_tip(self, device_id: DeviceId, tip: Tip) -> None:
        self._tips[device_id] = tip
        self._moved_tips.add(device_id)

    def put(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self._set_row(row, row)

    def drop(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self._set_row(row, None)

    def drop_views(self) -> None:
        self.flush()
        self._firsts.clear()
        for kind in VIEWS:
            self._do(f"DELETE FROM {kind.TABLE}")

    def set_setting(self, name: str, value: str) -> None:
        self._do(sql.SET_SETTING, texts.spelt(name), texts.spelt(value))
        self._settings.pop(name, None)

    # How it is written.

    def _add(self, commit: Commit, entry: LogEntry | None = None) -> int:
        if self._stored_at(commit.id) is not None:
            raise CommitExists(commit.id)
        self._absent.discard(commit.id)
        position = self._counter.position + 1
        self._count(position=position)
        self._commits[commit.id] = commit_columns(position, commit, entry)
        tip = Tip(sequence=commit.sequence, hash=commit.hash, hlc=commit.hlc)
        self.set_tip(commit.device_id, tip)
        return position

    def _add_entry(self, position: int, entry: LogEntry) -> None:
        assert entry.global_seq == self._counter.global_seq + 1, "the log has no gap"
        self._log.append(
            (
                entry.global_seq,
                position,
                entry.verdict.value,
                texts.spelt(entry.reason),
                texts.spelt(entry.hlc_eff),
                entry.hash,
            )
        )
        self._placed.add(entry.commit.id)
        self._count(global_seq=entry.global_seq, log_hash=entry.hash)

    def _spread(
        self,
        position: int,
        commit: Commit,
        effective: tuple[Recorded, ...] | None,
        *,
        entry: int | None,
        is_stored: bool,
    ) -> None:
        """The effects to their streams, and what was recorded without effect aside."""
        effects = commit.events if effective is None else effective
        stand = len(commit.events)
        if effects[:stand] == commit.events:
            if is_stored:
                self._do(sql.NO_LONGER_ASIDE, position)
            self._happen(position, effects, derived_from=stand, entry=entry)
            return
        if not is_stored:
            self._aside += [
                (position, *recorded_columns(index, event))
                for index, event in enumerate(commit.events)
            ]
        self._happen(position, effects, derived_from=0, entry=entry)

    def _happen(
        self,
        position: int,
        effects: tuple[Recorded, ...],
        *,
        derived_from: int,
        entry: int | None = None,
    ) -> None:
        for index, event in enumerate(effects):
            columns = recorded_columns(index, event)
            derived = index >= derived_from
            self._events.append((event.aggregate_id, (position, *columns, derived, entry)))
            self._touched.add(event.aggregate_id)
        self._gather(len(effects))

    def _undo(self, position: int, entry: int | None) -> None:
        """Take out of the streams what that entry (None: the first, or the prediction) did."""
        self._do(sql.SET_ASIDE, position, entry)
        self._do(sql.UNDO_EFFECTS, position, entry)
        self._ends.clear()
        self._count(rewinds=self._counter.rewinds + 1)

    def _place(self, position: int, entry: LogEntry) -> None:
        self._do(sql.UNQUEUE, position)
        self._do(sql.PLACE, entry.global_seq, entry.signature, position)

    def _remove(self, position: int, commit_id: CommitId) -> None:
        """A commit that was taken back, to make place for itself under another seal."""
        for statement in (sql.NO_LONGER_ASIDE, sql.UNQUEUE, sql.REMOVE_COMMIT):
            self._do(statement, position)
        self._absent.add(commit_id)

    def _stored_position(self, commit_id: CommitId) -> int:
        self.flush()
        stored = self._stored_at(commit_id)
        assert stored is not None, "only what is stored is confirmed, taken back or predicted"
        return stored[0]

    def _waiting(self, commit_id: CommitId) -> Stored:
        (stored,) = self._stored(self._all(sql.COMMIT_AT, self._stored_position(commit_id)))
        return stored

    def _count(self, **numbers: int | bytes) -> None:
        for name, number in numbers.items():
            setattr(self._counter, name, number)
        self._counted = True


def _seal(stored: Stored, effective: tuple[Recorded, ...] | None) -> bytes | None:
    return codec.pending_seal(stored.commit.hash, effective, stored.signature)
