"""Is what is stored what was recorded? Checks pages, log, signatures, audit and views."""

from collections.abc import Iterator
from datetime import date

from attrs import evolve, frozen

from manchengo import codec
from manchengo.application.audit_check import AuditFault, first_contradiction, first_fault
from manchengo.application.judge import may_do_nothing
from manchengo.application.log_chains import Chains
from manchengo.application.replication.effects_check import ForgedEntry, must_follow
from manchengo.application.replication.histories import Divergence, divergences, present_alone
from manchengo.application.tampered import Tampered, tampered
from manchengo.application.views.rebuild import BrokenHistory, digest, rebuilt_rows, stored_rows
from manchengo.domain import commit as log
from manchengo.domain.commit import NO_HASH, Commit, LogEntry
from manchengo.domain.ids import CommitId, DeviceId, ResolutionItemId, UserId
from manchengo.domain.resolution import Matter
from manchengo.ports.rows import ResolutionItemRow
from manchengo.ports.settings import LOG_EPOCH
from manchengo.ports.signature_check import SignatureCheck
from manchengo.ports.store import Garbled, GarbledCommit, Snapshot, Store


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

    @property
    def sound(self) -> bool:
        """Whether all is as it was recorded, and the views are what follows from the log."""
        is_as_recorded = self.tampered is None and self.audit is None and not self.damaged
        return is_as_recorded and self.views_digest == self.rebuilt_digest


def verify_store(store: Store, signatures: SignatureCheck | None = None) -> Verification:
    """Check the pages of the file, then all that stands on them. ``signatures``: as ``verify`` has
    them.
    """
    damaged = store.damaged_pages()
    if damaged:
        return Verification(
            commits=0,
            events=0,
            tampered=None,
            views_digest="",
            rebuilt_digest="",
            damaged=tuple(damaged),
        )
    with store.reading() as snapshot:
        return evolve(verify(snapshot, signatures), pages_checked=damaged is not None)


def verify(snapshot: Snapshot, signatures: SignatureCheck | None = None) -> Verification:
    """Check every commit in order, then the views against a rebuild. Flat in memory.

    ``signatures``: who checks those of the log; None where nobody can.
    """
    chains = Chains(known=snapshot.tips())
    try:
        for commit in snapshot.commits():
            chains.follow(commit)
        first_tampered = (
            chains.tampered
            or chains.cut_short()
            or chains.stamp_changed()
            or _verdict_changed(snapshot, chains)
            or _misplaced(snapshot)
            or _unsigned(snapshot, signatures)
        )
    except GarbledCommit as garbled:
        first_tampered = chains.tampered or _garbled(garbled)
    except BrokenHistory as broken:
        first_tampered = _broken(snapshot, broken)
    rebuilt = ""
    if first_tampered is None:
        try:
            rebuilt = digest(rebuilt_rows(snapshot))
        except BrokenHistory as broken:
            first_tampered = _broken(snapshot, broken)
    return Verification(
        commits=chains.commits,
        events=chains.events,
        tampered=first_tampered,
        views_digest=_views_digest(snapshot),
        rebuilt_digest=rebuilt,
        unreadable=tuple(_unreadable(snapshot)) if first_tampered is None else (),
        divergences=tuple(_divergences(snapshot)) if first_tampered is None else (),
        audit=_audit_fault(snapshot, signatures, is_log_sound=first_tampered is None),
    )


def _audit_fault(
    snapshot: Snapshot, signatures: SignatureCheck | None, *, is_log_sound: bool
) -> AuditFault | None:
    """Of a log that cannot be believed, the heads that it anchors cannot either."""
    found = first_fault(snapshot)
    return found if found or not is_log_sound else first_contradiction(snapshot, signatures)


def _divergences(snapshot: Snapshot) -> Iterator[Divergence]:
    reach = present_alone(snapshot.setting(LOG_EPOCH) or "")
    return divergences(snapshot, snapshot.entries(), reach)


def _unreadable(snapshot: Snapshot) -> Iterator[Unreadable]:
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


def _verdict_changed(snapshot: Snapshot, chains: Chains) -> Tampered | None:
    """The first commit, if any, whose place, verdict or effects are not those that were stored, or
    whose effects cannot follow from it.
    """
    before, again, expected = NO_HASH, 0, 1
    parked: set[CommitId] = set()
    for entry in snapshot.entries():
        commit = entry.commit
        is_as_sealed = codec.entry_hash(entry, before) == entry.hash
        if entry.global_seq != expected or not is_as_sealed or _lost_its_effects(entry):
            return tampered(commit, "verdict")
        earlier = log.Verdict.PARKED if commit.id in parked else None
        try:
            must_follow(snapshot, entry, earlier=earlier)
        except ForgedEntry:
            return tampered(commit, "effects")
        before, expected = entry.hash, expected + 1
        if entry.verdict is log.Verdict.PARKED:
            parked.add(commit.id)
            again += _was_judged_again(snapshot, entry)
    waiting = 0
    for pending in snapshot.pending():
        waiting += 1
        commit = pending.commit
        if codec.pending_seal(commit.hash, pending.effective, pending.signature) != pending.seal:
            return tampered(commit, "verdict")
    if expected - 1 - again + waiting != chains.commits:
        return next(
            tampered(commit, "verdict")
            for commit in snapshot.commits()
            if snapshot.entry(commit.id) is None and not _is_pending(snapshot, commit)
        )
    return None


def _lost_its_effects(entry: LogEntry) -> bool:
    """No effects at all have the same seal as those recorded: not every commit may have none."""
    has_none = entry.effective == () and entry.verdict is log.Verdict.ACCEPTED
    return has_none and not may_do_nothing(entry.commit)


def _misplaced(snapshot: Snapshot) -> Tampered | None:
    found = snapshot.misplaced()
    if found is None:
        return None
    commit = None if found.commit_id is None else snapshot.commit(found.commit_id)
    if commit is None:
        return Tampered(commit_id=None, device_id=None, sequence=0, on=None, fault="place")
    return tampered(commit, "place")


def _unsigned(snapshot: Snapshot, signatures: SignatureCheck | None) -> Tampered | None:
    found = signatures.first_unsigned(snapshot) if signatures is not None else None
    return None if found is None else tampered(found.commit, found.fault)


def _was_judged_again(snapshot: Snapshot, entry: LogEntry) -> bool:
    latest = snapshot.entry(entry.commit.id)
    return latest is not None and latest.global_seq != entry.global_seq


def _is_pending(snapshot: Snapshot, commit: Commit) -> bool:
    return any(waiting.commit.id == commit.id for waiting in snapshot.pending())


def _garbled(commit: GarbledCommit) -> Tampered:
    return Tampered(
        commit_id=commit.commit_id,
        device_id=commit.device_id,
        sequence=commit.sequence,
        on=commit.on,
        fault="content",
    )


def _broken(snapshot: Snapshot, broken: BrokenHistory) -> Tampered:
    commit = snapshot.commit(broken.commit_id)
    assert commit is not None, "an event is stored with its commit"
    is_damaged = isinstance(broken.__cause__, codec.Damaged)
    return tampered(commit, "unreadable" if is_damaged else "history")


def _views_digest(snapshot: Snapshot) -> str:
    try:
        return digest(stored_rows(snapshot))
    except Garbled:
        return ""
