"""Is what is stored what was recorded? Checks pages, log, signatures, audit and views."""

from collections.abc import Iterable, Iterator
from datetime import date

from attrs import define, evolve, field, frozen

from manchengo import codec
from manchengo.application import checkpoint as checkpoints
from manchengo.application.audit_check import AuditFault, first_contradiction, first_fault
from manchengo.application.checkpoint import Checkpoint, Counted, Waiting
from manchengo.application.judge import may_do_nothing
from manchengo.application.log_chains import Chains
from manchengo.application.replication import histories
from manchengo.application.replication.effects_check import ForgedEntry, must_follow
from manchengo.application.replication.histories import Divergence, present_alone
from manchengo.application.tampered import Tampered, tampered
from manchengo.application.views.rebuild import BrokenHistory, digest, rebuilt_rows, stored_rows
from manchengo.domain import commit as log
from manchengo.domain.commit import NO_HASH, Commit, LogEntry
from manchengo.domain.ids import CommitId, DeviceId, ResolutionItemId, UserId
from manchengo.domain.resolution import Matter
from manchengo.ports.audit import AuditHead
from manchengo.ports.audit_chain import BEGIN
from manchengo.ports.rows import ResolutionItemRow, Row
from manchengo.ports.settings import LOG_EPOCH
from manchengo.ports.signature_check import NOTHING_CHECKED, Checked, SignatureCheck
from manchengo.ports.store import Garbled, GarbledCommit, Pending, Snapshot


@frozen(kw_only=True)
class Unreadable:
    """A commit that is as its author sealed it, and that no program can read."""

    commit_id: CommitId
    item_id: ResolutionItemId
    command_type: str
    user_id: UserId
    device_id: DeviceId
    on: date


@frozen(kw_only=True)
class Since:
    """What was read beside a checkpoint: so many ``commits`` more than there were on the day
    ``on``. ``whole_on``: when all was read last.
    """

    commits: int
    on: date
    whole_on: date


@frozen(kw_only=True)
class Verification:
    """What a verification found. ``tampered`` is None when every commit is as sealed.

    ``damaged``: what the database says of its own pages; then nothing else was looked at.
    ``pages_checked``: False where the pages could not be checked; then ``sound`` is about the
    log, the audit and the views alone.
    ``views_digest`` is empty where the rows cannot be read, ``rebuilt_digest`` where nothing can be
    made again, because the log cannot be believed. ``unreadable``: as sealed, parked, and waiting
    for a person. ``divergences``: the commits whose authors saw another log than this one; that may
    be the fault of the author, of the server, or of nobody, and makes nothing unsound.
    ``audit``: the first thing wrong with the audit of this device, None where nothing is.
    ``since``: where only what was added since a checkpoint was read; then the digests are of the
    rows that were compared, ``commits`` and ``events`` count what was read before as well, and no
    page was checked that was not needed. None where all was read, and ``because`` says why that was
    done where a checkpoint would have been gone by: a key of ``checkpoint.REASONS``, else "".
    ``checkpoint``: the one that follows from it, where it is sound and somebody may seal one.
    """

    commits: int
    events: int
    tampered: Tampered | None
    views_digest: str
    rebuilt_digest: str
    unreadable: tuple[Unreadable, ...] = ()
    divergences: tuple[Divergence, ...] = ()
    damaged: tuple[str, ...] = ()
    pages_checked: bool = True
    audit: AuditFault | None = None
    since: Since | None = None
    because: str = ""
    checkpoint: Checkpoint | None = field(default=None, eq=False, repr=False)

    @property
    def sound(self) -> bool:
        """Whether all is as it was recorded, and the views are what follows from the log."""
        is_as_recorded = self.tampered is None and self.audit is None and not self.damaged
        return is_as_recorded and self.views_digest == self.rebuilt_digest


def verify(
    snapshot: Snapshot, signatures: SignatureCheck | None = None, *, today: date | None = None
) -> Verification:
    """Check every commit in order, then the views against a rebuild. Flat in memory. It goes by no
    checkpoint.

    ``signatures``: who checks those of the log; None where nobody can. ``today``: the answer has
    the checkpoint of that day, where all is sound.
    """
    chains, waiting = Chains(known=snapshot.tips()), WaitingCount()
    try:
        for commit in snapshot.commits():
            chains.follow(commit)
        first_tampered = (
            chains.tampered
            or chains.cut_short()
            or chains.stamp_changed()
            or _verdict_changed(snapshot, chains, waiting)
            or misplaced(snapshot)
            or unsigned(snapshot, signatures)
        )
    except GarbledCommit as garbled_commit:
        first_tampered = chains.tampered or garbled(garbled_commit)
    except BrokenHistory as broken_history:
        first_tampered = broken(snapshot, broken_history)
    rebuilt = ""
    if first_tampered is None:
        try:
            rebuilt = digest(rebuilt_rows(snapshot))
        except BrokenHistory as broken_history:
            first_tampered = broken(snapshot, broken_history)
    is_log_sound = first_tampered is None
    verdict = Verification(
        commits=chains.commits,
        events=chains.events,
        tampered=first_tampered,
        views_digest=digest_or_nothing(stored_rows(snapshot)),
        rebuilt_digest=rebuilt,
        unreadable=tuple(unreadable(snapshot)) if is_log_sound else (),
        divergences=tuple(divergences(snapshot, snapshot.entries())) if is_log_sound else (),
        audit=audit_fault(snapshot, signatures, is_log_sound=is_log_sound),
    )
    if today is None or signatures is None or not verdict.sound:
        return verdict
    return evolve(
        verdict,
        checkpoint=checkpoints.made(
            snapshot,
            waiting=waiting.so_far,
            in_all=Counted(commits=chains.commits, events=chains.events),
            diverging=tuple(each.commit_id for each in verdict.divergences),
            on=today,
            whole_on=today,
        ),
    )


def audit_fault(
    snapshot: Snapshot,
    signatures: SignatureCheck | None,
    *,
    is_log_sound: bool,
    behind: AuditHead = BEGIN,
) -> AuditFault | None:
    """What is wrong with the audit. Of a log that cannot be believed, the heads that it anchors
    cannot be believed either. ``behind``: as ``audit_chain.first_wrong``.
    """
    found = first_fault(snapshot, behind=behind)
    return found if found or not is_log_sound else first_contradiction(snapshot, signatures)


def divergences(snapshot: Snapshot, entries: Iterable[LogEntry]) -> Iterator[Divergence]:
    """The commits of these entries whose authors saw another log."""
    reach = present_alone(snapshot.setting(LOG_EPOCH) or "")
    return histories.divergences(snapshot, entries, reach)


def unreadable(snapshot: Snapshot) -> Iterator[Unreadable]:
    """What is parked because it cannot be read, and was not written by a newer program."""
    open_items = snapshot.rows(ResolutionItemRow, matter=Matter.PARKED.value, status="open")
    for item in open_items:
        if item.refusal == codec.Damaged.__name__:
            yield Unreadable(
                commit_id=item.commit_id,
                item_id=item.id,
                command_type=item.command_type,
                user_id=item.user_id,
                device_id=item.device_id,
                on=item.day,
            )


@define
class WaitingCount:
    """Counts the commits that wait, as they are read in their order."""

    so_far: Waiting = field(factory=Waiting)

    def follow(self, pending: Pending) -> None:
        """Counts the next."""
        commit = pending.commit
        self.so_far = Waiting(
            counted=self.so_far.counted + Counted(commits=1, events=len(commit.events)),
            last=commit.id,
        )


def is_as_kept(pending: Pending) -> bool:
    """Whether what is kept of a commit that waits is under its seal."""
    sealed = codec.pending_seal(pending.commit.hash, pending.effective, pending.signature)
    return sealed == pending.seal


def _verdict_changed(snapshot: Snapshot, chains: Chains, waits: WaitingCount) -> Tampered | None:
    wrong, commits = first_wrong_verdict(snapshot, waits)
    if wrong is None and commits != chains.commits:
        return next(
            tampered(commit, "verdict")
            for commit in snapshot.commits()
            if snapshot.entry(commit.id) is None and not _is_pending(snapshot, commit)
        )
    return wrong


def first_wrong_verdict(snapshot: Snapshot, waits: WaitingCount) -> tuple[Tampered | None, int]:
    """The first commit, if any, whose place, verdict or effects are not those that were stored, or
    whose effects cannot follow from it; and how many commits the log and the queue have.
    """
    before, again, expected = NO_HASH, 0, 1
    parked: set[CommitId] = set()
    for entry in snapshot.entries():
        commit = entry.commit
        is_as_sealed = codec.entry_hash(entry, before) == entry.hash
        if entry.global_seq != expected or not is_as_sealed or lost_its_effects(entry):
            return tampered(commit, "verdict"), 0
        earlier = log.Verdict.PARKED if commit.id in parked else None
        try:
            must_follow(snapshot, entry, earlier=earlier)
        except ForgedEntry:
            return tampered(commit, "effects"), 0
        before, expected = entry.hash, expected + 1
        if entry.verdict is log.Verdict.PARKED:
            parked.add(commit.id)
            again += _was_judged_again(snapshot, entry)
    for pending in snapshot.pending():
        if not is_as_kept(pending):
            return tampered(pending.commit, "verdict"), 0
        waits.follow(pending)
    return None, expected - 1 - again + waits.so_far.counted.commits


def lost_its_effects(entry: LogEntry) -> bool:
    """Whether an accepted entry has no effects, and must have some: none at all have the same seal
    as those recorded.
    """
    has_none = entry.effective == () and entry.verdict is log.Verdict.ACCEPTED
    return has_none and not may_do_nothing(entry.commit)


def misplaced(snapshot: Snapshot, *, after: int | None = None) -> Tampered | None:
    """The first number, if any, that does not follow from the rest (``Snapshot.misplaced``)."""
    found = snapshot.misplaced(after=after)
    if found is None:
        return None
    commit = None if found.commit_id is None else snapshot.commit(found.commit_id)
    if commit is None:
        return Tampered(commit_id=None, device_id=None, sequence=0, on=None, fault="place")
    return tampered(commit, "place")


def unsigned(
    snapshot: Snapshot, signatures: SignatureCheck | None, *, behind: Checked = NOTHING_CHECKED
) -> Tampered | None:
    """The first commit, if any, that is not proved, of those that are not ``behind``."""
    if signatures is None:
        return None
    found = signatures.first_unsigned(snapshot, behind=behind)
    return None if found is None else tampered(found.commit, found.fault)


def _was_judged_again(snapshot: Snapshot, entry: LogEntry) -> bool:
    latest = snapshot.entry(entry.commit.id)
    return latest is not None and latest.global_seq != entry.global_seq


def _is_pending(snapshot: Snapshot, commit: Commit) -> bool:
    return any(waiting.commit.id == commit.id for waiting in snapshot.pending())


def garbled(commit: GarbledCommit) -> Tampered:
    """That commit as ``Tampered``, as far as it can be read."""
    return Tampered(
        commit_id=commit.commit_id,
        device_id=commit.device_id,
        sequence=commit.sequence,
        on=commit.on,
        fault="content",
    )


def broken(snapshot: Snapshot, broken: BrokenHistory) -> Tampered:
    """The commit of that event as ``Tampered``."""
    commit = snapshot.commit(broken.commit_id)
    assert commit is not None, "an event is stored with its commit"
    is_damaged = isinstance(broken.__cause__, codec.Damaged)
    return tampered(commit, "unreadable" if is_damaged else "history")


def digest_or_nothing(rows: Iterable[Row]) -> str:
    """Their digest; empty where one cannot be read."""
    try:
        return digest(rows)
    except Garbled:
        return ""
