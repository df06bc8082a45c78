"""Checks that devices and authors signed what the log says they wrote, before it is applied.

The keys of devices are those with which the log itself, as far as it is held here, let each in; an
author's commit names the key. Commits are checked as on the server: each is what its hash says,
follows the last of its device, and is proved by its two signatures or by ones behind it in the same
run (``open_runs``). Where the end of a page cuts a run off, what comes next in the log may prove
it. Whether the author's key is admitted is looked at where the entry is applied.
"""

from collections.abc import Iterable, Sequence

from attrs import define, field, frozen

from manchengo import codec
from manchengo.application.authors import SAID_BY_A_SERVER
from manchengo.application.marks import SERVER_MARK
from manchengo.commands import COMMANDS
from manchengo.domain.aggregates import AGGREGATES, AUDIT, DEVICE
from manchengo.domain.commit import START, Commit, LogEntry, Recorded, Verdict
from manchengo.domain.device import DeviceEnrolled, WithdrawDevice
from manchengo.domain.ids import CommitId, DeviceId
from manchengo.domain.person_keys import KeyWithdrawn
from manchengo.events import EVENTS
from manchengo.ports.rows import DeviceRow
from manchengo.ports.signature_check import Checked
from manchengo.ports.store import Snapshot
from manchengo_sync.open_runs import OpenRuns, of_authors, of_devices
from manchengo_sync.possession import KEY_NOT_PROVED, admits_only_what_is_proved
from manchengo_sync.signature_runs import is_true

ENROLLED = next(name for name, schema in EVENTS.items() if schema.type is DeviceEnrolled)

KEPT_BY_A_SERVER = (DEVICE.name, AUDIT.name)

DEVICE_WITHDRAWAL = next(name for name, schema in COMMANDS.items() if schema.type is WithdrawDevice)
KEY_WITHDRAWAL = next(name for name, schema in EVENTS.items() if schema.type is KeyWithdrawn)

OF_A_SERVER = {name for name, schema in COMMANDS.items() if schema.type in SAID_BY_A_SERVER}


@frozen(kw_only=True)
class Proof:
    """``count``: how many of the entries are proved. ``why``: what is wrong with the one behind
    them, "" where all are. ``is_open``: what comes next in the log may still prove it.
    """

    count: int
    why: str = ""
    is_open: bool = False


@define
class Authors:
    """Who writes: the keys of each device, and where its chain ends. ``snapshot``: what is held of
    the log before the entries that are looked at; None where they begin it.
    """

    snapshot: Snapshot | None = None
    _keys: dict[DeviceId, list[str]] = field(factory=dict)
    _ends: dict[DeviceId, tuple[int, bytes]] = field(factory=dict)
    _parked: dict[CommitId, bytes] = field(factory=dict)
    _servers: set[DeviceId] | None = None

    def keys(self, device_id: DeviceId) -> list[str]:
        """All keys that the device ever had. For a device that was never let in, those of the
        plant's servers: a server that is begun again writes under another id, and tells who it was.
        """
        return self.let_in_with(device_id) or [
            key for server in self.servers for key in self.let_in_with(server)
        ]

    def is_known(self, device_id: DeviceId) -> bool:
        """Whether the log let it in."""
        return bool(self.let_in_with(device_id))

    @property
    def servers(self) -> set[DeviceId]:
        """The devices under which servers of this plant write."""
        if self._servers is None:
            rows = self.snapshot.rows(DeviceRow) if self.snapshot is not None else ()
            self._servers = {row.id for row in rows if row.mark == SERVER_MARK}
        return self._servers

    def end(self, device_id: DeviceId) -> tuple[int, bytes]:
        """The number and the hash of its last commit in the log."""
        if device_id not in self._ends:
            known = self.snapshot is not None
            tip = self.snapshot.tip_in_log(device_id) if known and self.snapshot else START
            self._ends[device_id] = (tip.sequence, tip.hash)
        return self._ends[device_id]

    def was_parked(self, commit: Commit) -> bool:
        """Whether the log holds that very commit, and it was parked there."""
        if commit.sequence > self.end(commit.device_id)[0]:
            return False
        parked = self._parked.get(commit.id)
        if parked is None and self.snapshot is not None:
            entry = self.snapshot.entry(commit.id)
            if entry is not None and entry.verdict is Verdict.PARKED:
                parked = entry.commit.hash
        return parked == commit.hash

    def note(self, entry: LogEntry) -> None:
        """Adds the entry, whose commit is the next of its device or was parked before."""
        commit = entry.commit
        if commit.sequence > self.end(commit.device_id)[0]:
            self._ends[commit.device_id] = (commit.sequence, commit.hash)
        if entry.verdict is Verdict.PARKED:
            self._parked[commit.id] = commit.hash
        for device_id, key, mark in enrolments(entry.effects):
            keys = self.let_in_with(device_id)
            if key not in keys:
                keys.append(key)
            if mark == SERVER_MARK:
                self.servers.add(device_id)

    def begin_behind(self, checked: Checked) -> None:
        """What comes next stands behind that part of the log."""
        self._ends = {
            device_id: (tip.sequence, tip.hash) for device_id, tip in checked.ends.items()
        }
        self._parked = dict(checked.parked)

    def let_in_with(self, device_id: DeviceId) -> list[str]:
        """Those with which the log let that very device in."""
        if device_id not in self._keys:
            stream = self.snapshot.stream(device_id) if self.snapshot is not None else []
            events = [entry.event for entry in stream]
            self._keys[device_id] = list(dict.fromkeys(key for _, key, _ in enrolments(events)))
        return self._keys[device_id]


def enrolments(events: Iterable[Recorded]) -> Iterable[tuple[DeviceId, str, str]]:
    """The devices that are let in by these events, each with its key and mark. Whatever else a
    newer program tells of a device, those two it tells by these names.
    """
    for event in events:
        if event.event_type == ENROLLED:
            fields = codec.fields(event.payload)
            if fields:
                key, mark = str(fields.get("public_key")), str(fields.get("mark"))
                yield DeviceId(event.aggregate_id), key, mark


@define
class Runs:
    """The runs of commits that wait for a signature: those of devices, and those of authors."""

    authors: Authors
    _all: tuple[OpenRuns, ...] = field(init=False)

    @_all.default
    def _none_yet(self) -> tuple[OpenRuns, ...]:
        return OpenRuns(of_devices(self.authors.keys)), OpenRuns(of_authors())

    def add(self, entry: LogEntry) -> list["Fault"]:
        """Adds the entry. Returns a fault for each earlier entry that nothing can prove now."""
        left = [(runs.add(entry), runs.chain.why_not) for runs in self._all]
        return [Fault(entry=each, why=why) for each, why in left if each is not None]

    def settle(self) -> list["Fault"]:
        """Ends the runs: drops what is proved, and returns an open fault for what a later signature
        may still prove.
        """
        return [
            Fault(entry=each, why=runs.chain.why_not, is_open=True)
            for runs in self._all
            for each in runs.settle()
        ]


@frozen(kw_only=True)
class Fault:
    """What is wrong with an entry. ``is_open``: what comes next may still put it right."""

    entry: LogEntry
    why: str
    is_open: bool = False

    @property
    def place(self) -> tuple[int, bool]:
        """Orders faults: by entry, and at one entry those that are certain before those that are
        open.
        """
        return self.entry.global_seq, self.is_open


def prove(authors: Authors, entries: Sequence[LogEntry]) -> Proof:
    """How many of these consecutive entries are what their devices and authors signed. Afterwards
    ``authors`` knows the entries that were checked.
    """
    runs = Runs(authors)
    found: list[Fault] = []
    for entry in entries:
        faults = look_at(runs, entry)
        found += faults
        if any(fault.entry is entry for fault in faults):
            break
    found += runs.settle()
    if not found:
        return Proof(count=len(entries))
    first = min(found, key=lambda fault: fault.place)
    count = first.entry.global_seq - entries[0].global_seq
    return Proof(count=count, why=first.why, is_open=first.is_open)


def look_at(runs: Runs, entry: LogEntry) -> list[Fault]:
    """What is wrong with it, and with the entries before it that it leaves unproved for good."""
    authors = runs.authors
    if not is_true(entry.commit):
        return [Fault(entry=entry, why="it is not what its hash says")]
    if authors.was_parked(entry.commit):
        authors.note(entry)
        return []
    why = _wrong(authors, entry)
    if not why and not admits_only_what_is_proved(entry.commit):
        why = KEY_NOT_PROVED
    if why:
        return [Fault(entry=entry, why=why)]
    authors.note(entry)
    return runs.add(entry)


def _wrong(authors: Authors, entry: LogEntry) -> str:
    """What no signature can put right, of a commit that is what its hash says."""
    commit = entry.commit
    number, last = authors.end(commit.device_id)
    if (commit.sequence, commit.previous) != (number + 1, last):
        return "it does not follow the last of its device"
    if not authors.is_known(commit.device_id) and _lets_itself_in(entry):
        return "a device lets itself in"
    is_server = commit.device_id in authors.servers or not authors.is_known(commit.device_id)
    if is_server and not _is_a_servers_own(commit):
        return "a server records what is not its own"
    return ""


def _is_a_servers_own(commit: Commit) -> bool:
    """Whether a server may record that by itself: something about devices, where their audit ends,
    or that a key of a person goes with the device that is withdrawn. Of a newer server's command
    also what happens to kinds of things that this program does not know.
    """
    is_known = commit.command_type in COMMANDS
    if is_known and commit.command_type not in OF_A_SERVER:
        return False
    return all(
        event.aggregate_type == event.event_type.partition(".")[0] in KEPT_BY_A_SERVER
        or (commit.command_type == DEVICE_WITHDRAWAL and event.event_type == KEY_WITHDRAWAL)
        or (not is_known and event.aggregate_type not in AGGREGATES)
        for event in commit.events
    )


def _lets_itself_in(entry: LogEntry) -> bool:
    """As none but a server does."""
    return any(
        device_id == entry.commit.device_id and mark != SERVER_MARK
        for device_id, _, mark in enrolments(entry.effects)
    )
