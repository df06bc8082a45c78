"""The reading of the whole in parts that know nothing of each other: each may have a processor.

The parts only say whether all is well. Where anything is not, ``integrity.verify`` reads all once
more, in its order, and names it.
"""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TypeVar

from attrs import evolve, frozen

from manchengo.application import checkpoint as checkpoints
from manchengo.application.checkpoint import Checkpoint, Counted, Waiting
from manchengo.application.counting import Progress, counted, nobody_told
from manchengo.application.integrity import (
    Unreadable,
    Verification,
    WaitingCount,
    audit_fault,
    divergences,
    first_wrong_verdict,
    misplaced,
    unreadable,
    unsigned,
    verify,
)
from manchengo.application.log_chains import Chains
from manchengo.application.replication.histories import Divergence
from manchengo.application.views.rebuild import BrokenHistory, digest, rebuilt_rows, stored_rows
from manchengo.ports.reading_apart import Reading, ReadsApart, Step
from manchengo.ports.signature_check import SignatureCheck
from manchengo.ports.store import Garbled, Snapshot, Store

T = TypeVar("T")

PASSES = 5
"""How many times about as much is read as there are commits, where all is read in turn."""


@frozen(kw_only=True)
class _Log:
    """``commits``: those in the log and those that wait, as the entries and the queue count."""

    commits: int
    waiting: Waiting


@frozen(kw_only=True)
class _Rest:
    unreadable: tuple[Unreadable, ...]
    divergences: tuple[Divergence, ...]
    checkpoint: Checkpoint | None


def verify_store(
    store: Store,
    signatures: SignatureCheck | None = None,
    *,
    today: date | None = None,
    progress: Progress = nobody_told,
) -> Verification:
    """Check the pages of the file, then all that stands on them, on all processors where the store
    can. ``signatures``, ``today``: as ``integrity.verify`` has them.
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
        whole = snapshot.head()
    found = None
    if isinstance(store, ReadsApart):
        found = _verify_apart(store, signatures, today=today, whole=whole, progress=progress)
    if found is None:
        found = _verify_in_turn(store, signatures, today=today, whole=whole, progress=progress)
    return evolve(found, pages_checked=damaged is not None)


def _verify_in_turn(
    store: Store,
    signatures: SignatureCheck | None,
    *,
    today: date | None,
    whole: int,
    progress: Progress,
) -> Verification:
    def step(count: int) -> None:
        progress(min(count, whole * PASSES), whole * PASSES)

    with store.reading() as snapshot:
        return verify(counted(snapshot, step), signatures, today=today)


def _verify_apart(
    store: ReadsApart,
    signatures: SignatureCheck | None,
    *,
    today: date | None,
    whole: int,
    progress: Progress,
) -> Verification | None:
    """The verification, where all is sound; None where it is not, or the store reads in no other
    process. ``whole``: about how many commits there are.
    """
    on = today if signatures is not None else None
    readings: list[Reading] = [
        _rebuilt,
        partial(_signed, signatures=signatures),
        _chained,
        _judged,
        _stored,
        partial(_rest, signatures=signatures, on=on),
        _placed,
    ]
    done = [0] * len(readings)

    def step(place: int, count: int) -> None:
        done[place] = min(count, whole)
        progress(sum(done), whole * len(readings))

    answers = store.read_apart(readings, step)
    if answers is None or any(answer is None for answer in answers):
        return None
    rebuilt, _, in_all, log, stored, rest, _ = answers
    if rebuilt != stored or log.commits != in_all.commits:
        return None
    return _sound(in_all, log, rest, digest=stored)


def _sound(in_all: Counted, log: _Log, rest: _Rest, *, digest: str) -> Verification:
    checkpoint = rest.checkpoint
    return Verification(
        commits=in_all.commits,
        events=in_all.events,
        tampered=None,
        views_digest=digest,
        rebuilt_digest=digest,
        unreadable=rest.unreadable,
        divergences=rest.divergences,
        checkpoint=checkpoint
        and evolve(
            checkpoint,
            waiting=log.waiting.counted.commits,
            last_waiting=log.waiting.last,
            in_log=in_all - log.waiting.counted,
            in_all=in_all,
        ),
    )


# ---------------------------------------------------------------- the parts


def _chained(snapshot: Snapshot, step: Step) -> Counted | None:
    chains = Chains(known=snapshot.tips())

    def follow() -> Counted | None:
        for commit in counted(snapshot, step).commits():
            chains.follow(commit)
        is_wrong = chains.tampered or chains.cut_short() or chains.stamp_changed()
        return None if is_wrong else Counted(commits=chains.commits, events=chains.events)

    return _unless_garbled(follow)


def _judged(snapshot: Snapshot, step: Step) -> _Log | None:
    waits = WaitingCount()

    def follow() -> _Log | None:
        wrong, commits = first_wrong_verdict(counted(snapshot, step), waits)
        return None if wrong else _Log(commits=commits, waiting=waits.so_far)

    return _unless_garbled(follow)


def _placed(snapshot: Snapshot, _: Step) -> bool | None:
    return None if misplaced(snapshot) else True


def _signed(snapshot: Snapshot, step: Step, *, signatures: SignatureCheck | None) -> bool | None:
    return _unless_garbled(lambda: None if unsigned(counted(snapshot, step), signatures) else True)


def _rebuilt(snapshot: Snapshot, step: Step) -> str | None:
    return _unless_garbled(lambda: digest(rebuilt_rows(counted(snapshot, step))))


def _stored(snapshot: Snapshot, step: Step) -> str | None:
    return _unless_garbled(lambda: digest(stored_rows(counted(snapshot, step))))


def _rest(
    snapshot: Snapshot, step: Step, *, signatures: SignatureCheck | None, on: date | None
) -> _Rest | None:
    def read() -> _Rest | None:
        if audit_fault(snapshot, signatures, is_log_sound=True):
            return None
        diverging = tuple(divergences(snapshot, counted(snapshot, step).entries()))
        return _Rest(
            unreadable=tuple(unreadable(snapshot)),
            divergences=diverging,
            checkpoint=None if on is None else _ends(snapshot, diverging, on),
        )

    return _unless_garbled(read)


def _ends(snapshot: Snapshot, diverging: tuple[Divergence, ...], on: date) -> Checkpoint:
    """The checkpoint, but for what the other parts count."""
    return checkpoints.made(
        snapshot,
        waiting=Waiting(),
        in_all=Counted(),
        diverging=tuple(each.commit_id for each in diverging),
        on=on,
        whole_on=on,
    )


def _unless_garbled(read: Callable[[], T | None]) -> T | None:
    try:
        return read()
    except (Garbled, BrokenHistory):
        return None
