"""The one writing transaction: what a command adds is gathered, and written in few statements."""

from collections.abc import Iterable
from uuid import UUID

from manchengo import codec
from manchengo.domain.commit import Commit, LogEntry, Recorded, Tip
from manchengo.domain.ids import CommitId, DeviceId
from manchengo.ports.making_apart import Make
from manchengo.ports.reading_apart import Step
from manchengo.ports.rows import VIEWS, Row
from manchengo.ports.store import CommitExists
from manchengo.system import Uuid7Ids
from manchengo_sqlite import statements as sql
from manchengo_sqlite.audit_tables import AuditWriter
from manchengo_sqlite.columns import aside_columns, commit_columns, event_columns, log_columns
from manchengo_sqlite.connection import open_file
from manchengo_sqlite.making_apart import put_made
from manchengo_sqlite.mapping import mapping
from manchengo_sqlite.places import NUMBERS_GIVEN, NUMBERS_UNDONE, REWINDS
from manchengo_sqlite.write_buffer import SqliteWriteBuffer

VIEWS_MADE = "views_made"
"""The setting that changes whenever all views are made again: a backup's are then older."""


class SqliteTransaction(SqliteWriteBuffer, AuditWriter):
    """Implements ``manchengo.ports.store.Transaction``; ``flush`` before it is committed."""

    def append(self, commit: Commit) -> None:
        position = self._add(commit)
        self._queued.append((position,))
        self._happen(position, commit.events, derived_from=len(commit.events))

    def append_at_versions(self, commit: Commit) -> int:
        """As ``append``, each event where its author says rather than at the end of its stream."""
        position = self._add(commit)
        self._queued.append((position,))
        for index, event in enumerate(commit.events):
            number = self._next_number()
            self._events.append(event_columns(number, position, index, event, event.version))
        return position

    def enter(self, entry: LogEntry) -> None:
        commit = entry.commit
        known = None if commit.id in self._absent else self.commit(commit.id)
        position = None if known is None else self._position(commit.id)
        if known is not None and position is not None and known.hash != commit.hash:
            self._remove(position, commit.id)
            position = None
        if position is None:
            position = self._add(commit, entry)
            self._spread(position, commit, entry.effective, entry=None, is_stored=False)
        else:
            again = self._first(sql.PLACES_OF_COMMIT, position) is not None
            marked = entry.global_seq if again else None
            self._spread(position, commit, entry.effective, entry=marked, is_stored=True)
            self._place(position, entry)
        self._write_entry(position, entry)

    def confirm(self, entry: LogEntry) -> None:
        self.flush()
        position = self._position(entry.commit.id)
        assert position is not None, "what is confirmed is stored"
        self._place(position, entry)
        self._write_entry(position, entry)

    def roll_back(self, commit_id: CommitId) -> None:
        position = self._stored_position(commit_id)
        self._undo(position, None)
        self._seal(position, ())

    def predict(self, commit_id: CommitId, effective: tuple[Recorded, ...] | None) -> None:
        position = self._stored_position(commit_id)
        (stored,) = self._stored([self._one(sql.COMMIT_AT, position)])
        self._spread(position, stored.commit, effective, entry=None, is_stored=True)
        self._seal(position, effective)

    def reopen(self) -> CommitId:
        self.flush()
        cursor = self.cursor()
        _, position = self._one(sql.NEXT_PLACE, cursor - 1)
        is_only = len(self._all(sql.PLACES_OF_COMMIT, position).fetchall()) == 1
        self._undo(position, None if is_only else cursor)
        self._all(sql.REMOVE_ENTRY, cursor)
        self._cursor = self._log_hash = None
        self._all(sql.UNPLACE, position)
        if is_only:
            self._all(sql.QUEUE, position)
            self._seal(position, ())
        return CommitId(UUID(bytes=self._one(sql.COMMIT_AT, position)[1]))

    def reseal(self, commit_id: CommitId, commit: Commit) -> None:
        self.flush()
        self._absent.discard(commit.id)
        self._all(
            sql.RESEAL,
            commit.id.bytes,
            commit.device_id.bytes,
            commit.sequence,
            commit.on.isoformat(),
            commit.command_type,
            commit.command_version,
            commit.command,
            commit.previous,
            commit.hash,
            codec.encode_authorship(commit.authorship),
            commit_id.bytes,
        )
        self._seal(self._stored_position(commit.id), ())

    def move_to_end(self, commit_id: CommitId) -> None:
        self.flush()
        position = self._stored_position(commit_id)
        self._head = self.head() + 1
        self._all(sql.DEFER_FOREIGN_KEYS)  # until the rows that name the position have followed
        for statement in (sql.MOVE_COMMIT, sql.MOVE_ASIDE, sql.MOVE_IN_QUEUE):
            self._all(statement, self._head, position)

    def set_tip(self, device_id: DeviceId, tip: Tip) -> None:
        self._tips[device_id] = tip
        self._moved_tips.add(device_id)

    def _add(self, commit: Commit, entry: LogEntry | None = None) -> int:
        if commit.id not in self._absent and self.commit(commit.id) is not None:
            raise CommitExists(commit.id)
        self._absent.discard(commit.id)
        self._head = self.head() + 1
        self._commits[commit.id] = commit_columns(self._head, commit, entry)
        self.set_tip(
            commit.device_id, Tip(sequence=commit.sequence, hash=commit.hash, hlc=commit.hlc)
        )
        return self._head

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
                self._all(sql.NO_LONGER_ASIDE, position)
            self._happen(position, effects, derived_from=stand, entry=entry)
            return
        if not is_stored:
            self._aside += [
                aside_columns(position, index, event) for index, event in enumerate(commit.events)
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
            end = self._ends[event.aggregate_id] = self._end_of(event.aggregate_id) + 1
            self._touched.add(event.aggregate_id)
            derived = index >= derived_from
            number = self._next_number()
            self._events.append(event_columns(number, position, index, event, end, derived, entry))
        self._gather(len(effects))

    def _undo(self, position: int, entry: int | None) -> None:
        """Take out of the streams what that entry (None: the first, or the prediction) did."""
        self.flush()
        undone = self._numbers_undone() + self._one(sql.SUM_OF_UNDONE, position, entry)[0]
        self.set_setting(NUMBERS_UNDONE, str(undone))
        self.set_setting(NUMBERS_GIVEN, str(self._last_number()))
        self._all(sql.SET_ASIDE, position, entry)
        self._all(sql.UNDO_EFFECTS, position, entry)
        self._ends.clear()
        self._no_streams = None
        self._rewinds = self.rewinds() + 1
        self.set_setting(REWINDS, str(self._rewinds))

    def _seal(self, position: int, effective: tuple[Recorded, ...] | None) -> None:
        commit_hash, signature = self._one(sql.HASH_AND_SIGNATURE_AT, position)
        seal = codec.pending_seal(commit_hash, effective, signature or b"")
        self._all(sql.SET_SEAL, seal, position)

    def _write_entry(self, position: int, entry: LogEntry) -> None:
        self._log.append(log_columns(position, entry))
        self._cursor, self._log_hash = entry.global_seq, entry.hash

    def _place(self, position: int, entry: LogEntry) -> None:
        self._all(sql.UNQUEUE, position)
        self._all(sql.PLACE, entry.global_seq, entry.signature, position)

    def _remove(self, position: int, commit_id: CommitId) -> None:
        """A commit that was taken back, to make place for itself under another seal."""
        self.flush()
        for statement in (sql.NO_LONGER_ASIDE, sql.UNQUEUE, sql.REMOVE_COMMIT):
            self._all(statement, position)
        self._absent.add(commit_id)

    def _stored_position(self, commit_id: CommitId) -> int:
        if commit_id in self._commits:
            self.flush()
        position = self._position(commit_id)
        assert position is not None, "only what is stored is taken back or predicted"
        return position

    def put(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self._rows[type(row)][row.key()] = row
            self._gather_row(row)

    def drop(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self._rows[type(row)].pop(row.key(), None)
            self._firsts.pop(type(row), None)
            table = mapping(type(row))
            self._all(table.delete, *table.key_parameters(row))

    def drop_views(self) -> None:
        self.flush()
        self._firsts.clear()
        for kind in VIEWS:
            self._all(f"DELETE FROM {kind.TABLE}")
        self.set_setting(VIEWS_MADE, str(Uuid7Ids().new()))

    def put_made(self, make: Make, step: Step) -> int:
        """As ``manchengo.ports.making_apart.MakesApart``."""
        self.flush()
        self._firsts.clear()
        return put_made(open_file(self._engine), self, make, step, self._many)

    def set_setting(self, name: str, value: str) -> None:
        self._all(sql.SET_SETTING, name, value)
        self._settings.pop(name, None)
