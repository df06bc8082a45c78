"""An operator has the server judge again what stands in its log and stops every device.

A program of before gave a verdict that devices refuse. Devices hold the log up to that entry; what
was recorded behind it may be nowhere but here, so no backup would do.
"""

from attrs import frozen

from manchengo.application.replication.judged_anew import enter_anew, first_refused, reopen_from
from manchengo.domain.commit import Commit, LogEntry
from manchengo.domain.ids import CommitId
from manchengo_server.context import ServerContext
from manchengo_server.plant import SERVER_DEVICE, begin_epoch
from manchengo_server.recovery import must_not_be_recovering


@frozen(kw_only=True)
class RefusedEntry:
    """The first entry that devices do not take in. ``behind``: how many entries follow it.
    ``device``: the name of its device; "" where the log knows none. ``why``: in English.
    """

    place: int
    behind: int
    commit: Commit
    device: str
    user: str
    why: str


@frozen(kw_only=True)
class Mended:
    """``judged``: how many commits were judged again. ``changed``: the entries whose verdict is
    another one than before, that of the entry which devices refused among them.
    """

    judged: int
    changed: tuple[LogEntry, ...]


@frozen
class NotThatEntry(Exception):
    """The first entry that devices do not take in is another one, or there is none."""


def mend(context: ServerContext, place: int) -> Mended:
    """Begin another epoch before that entry, and judge it and all behind it again, in one
    transaction. Raises ``NotThatEntry``, ``Recovering``.
    """
    with context.reading() as snapshot:
        must_not_be_recovering(snapshot)
        found = first_refused(snapshot)
    if found is None or found[0].global_seq != place:
        raise NotThatEntry
    with context.writing() as transaction:
        if next(transaction.entries(after=place - 1, limit=1)).hash != found[0].hash:
            raise NotThatEntry
        former = reopen_from(transaction, place, state_cache=context.state_cache)
        own = transaction.setting(SERVER_DEVICE)
        begin_epoch(transaction, ids=context.ids, device_id=own)
        enter_anew(
            transaction,
            former,
            on=context.clock.now().date(),
            state_cache=context.state_cache,
        )
        entered = list(transaction.entries(after=place - 1))
    return _verdicts_compared(former, entered)


def _verdicts_compared(former: list[LogEntry], entered: list[LogEntry]) -> Mended:
    """By the last entry of each commit."""
    before: dict[CommitId, LogEntry] = {entry.commit.id: entry for entry in former}
    now: dict[CommitId, LogEntry] = {entry.commit.id: entry for entry in entered}
    changed = [
        entry
        for commit_id, entry in now.items()
        if (was := before.get(commit_id)) is None
        or (was.verdict, was.reason) != (entry.verdict, entry.reason)
    ]
    return Mended(judged=len(now), changed=tuple(changed))
