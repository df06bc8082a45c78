"""Seals pending commits again where they cannot enter the log as they are sealed."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime

from attrs import evolve

from manchengo import codec
from manchengo.application.audit_heads import answer_for, last_matching
from manchengo.application.authorship import own_devices
from manchengo.application.replication.predictions import (
    LogChanges,
    predict_all,
    rewind,
    rows_follow,
)
from manchengo.application.unit_of_work import StateCache
from manchengo.domain.commit import START, Commit, Tip
from manchengo.domain.ids import DeviceId
from manchengo.ports.settings import DEVICE, FORMER_DEVICES
from manchengo.ports.store import Pending, Snapshot, Transaction


def start_over(
    transaction: Transaction, *, after: int, device_id: DeviceId, state_cache: StateCache
) -> LogChanges:
    """The server's log is another one beyond ``after``: commits confirmed there are pending again.

    Commits of others are kept too, and offered as they were signed: this device may be the only one
    that still has them.
    """
    rewind(transaction, state_cache)
    while transaction.cursor() > after:
        (last,) = transaction.entries(after=transaction.cursor() - 1)
        with rows_follow(transaction, [{event.aggregate_id for event in last.effects}]):
            transaction.reopen()
    changes = LogChanges()
    reseal_in_chain(transaction, device_id)
    predict_all(transaction, state_cache, changes)
    return changes


def adopt_device_id(
    transaction: Transaction, device_id: DeviceId, former: DeviceId, *, state_cache: StateCache
) -> LogChanges:
    """Another database writes under the former id: from here on this one writes under
    ``device_id``, and seals again what the log does not have yet.
    """
    answer_for(transaction, former, last_matching(transaction, former))
    known = transaction.setting(FORMER_DEVICES) or ""
    transaction.set_setting(FORMER_DEVICES, f"{known} {former}".strip())
    transaction.set_setting(DEVICE, str(device_id))
    transaction.set_tip(device_id, evolve(START, hlc=transaction.tip(former).hlc))
    return reseal_pending(transaction, device_id, state_cache=state_cache)


def reseal_pending(
    transaction: Transaction, device_id: DeviceId, *, state_cache: StateCache
) -> LogChanges:
    """Rolls back the predictions, seals again what does not follow the log, and predicts again."""
    changes = LogChanges()
    rewind(transaction, state_cache)
    reseal_in_chain(transaction, device_id)
    predict_all(transaction, state_cache, changes)
    return changes


def follows(snapshot: Snapshot, device_id: DeviceId, offered: Iterable[Pending]) -> bool:
    """Whether ``offered``, the first pending commits, follow this device's last one in the log."""
    return next(_out_of_chain(snapshot, device_id, offered), None) is None


def reseal_in_chain(
    transaction: Transaction,
    device_id: DeviceId,
    *,
    replaced: Collection[DeviceId] = (),
    stamps_gone: Collection[str] = (),
) -> None:
    """Seals again, in their order and under their ids, the pending commits that cannot enter the
    log as they are sealed; the predictions are rolled back. They are stored behind all others, and
    so are the pending commits behind them: each follows commits that the log has of its new device,
    and some of those were recorded later.

    ``replaced``: devices that sealed commits which the log has under another device's seal.
    ``stamps_gone``: stamps of commits that the log has from another device, for the same command.
    """
    own = own_devices(transaction) | {device_id}
    stamps = {transaction.tip(each).hlc for each in own}.difference(stamps_gone)
    pending = list(transaction.pending())
    sealed = {each.id: each for each in _out_of_chain(transaction, device_id, pending)}
    is_behind_all = False
    for waiting in pending:
        if waiting.commit.id in sealed:
            transaction.reseal(waiting.commit.id, sealed[waiting.commit.id])
            is_behind_all = True
        if is_behind_all:
            transaction.move_to_end(waiting.commit.id)
    for each in own.union(replaced, (waiting.commit.device_id for waiting in pending)):
        transaction.set_tip(each, transaction.tip_in_log(each))
    for waiting in pending:
        commit = sealed.get(waiting.commit.id, waiting.commit)
        tip = Tip(sequence=commit.sequence, hash=commit.hash, hlc=commit.hlc)
        transaction.set_tip(commit.device_id, tip)
    tip = transaction.tip(device_id)
    transaction.set_tip(device_id, evolve(tip, hlc=max([*stamps, tip.hlc])))


def _out_of_chain(
    snapshot: Snapshot, device_id: DeviceId, pending: Iterable[Pending]
) -> Iterator[Commit]:
    """The commits to be sealed again, as they then are: those that this device wrote under another
    id or behind a commit that the log has under another seal, and signed ones that do not follow
    what the log has of their device, because another commit took their number since, or the one
    before entered under another seal. This device may be the only one left that can offer those.
    """
    tips: dict[DeviceId, Tip] = {}
    broken: set[DeviceId] = set()
    for waiting in pending:
        commit = waiting.commit
        author = commit.device_id
        tip = tips.setdefault(author, snapshot.tip_in_log(author))
        is_next = (commit.sequence, commit.previous) == (tip.sequence + 1, tip.hash)
        if waiting.signature:
            if not is_next:
                broken.add(author)
            is_good = author not in broken
        else:
            is_good = author == device_id and is_next and not isinstance(commit.on, datetime)
        if not is_good:
            last = tips.setdefault(device_id, snapshot.tip_in_log(device_id))
            commit = codec.sealed(
                evolve(
                    commit,
                    device_id=device_id,
                    sequence=last.sequence + 1,
                    previous=last.hash,
                    on=day_of(commit),
                )
            )
            yield commit
        tips[commit.device_id] = Tip(sequence=commit.sequence, hash=commit.hash, hlc=commit.hlc)


def day_of(commit: Commit) -> date:
    """The day of the commit; programs of before recorded an instant in its place."""
    return commit.on.date() if isinstance(commit.on, datetime) else commit.on
