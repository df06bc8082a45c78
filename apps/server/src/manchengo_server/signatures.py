"""Checks that devices and authors signed the commits of a push, and that these can be stored."""

from collections.abc import Sequence
from datetime import timedelta

from manchengo.application.replication.server_log import Offered
from manchengo.domain.commit import Authorship, Commit
from manchengo.domain.ids import DeviceId
from manchengo.ports.store import Snapshot
from manchengo_server.authorisation import keys_ever_borne, own_keys
from manchengo_sync.author_signatures import NOT_BY_ITS_AUTHOR, count_signed_by_authors
from manchengo_sync.possession import KEY_NOT_PROVED, admits_only_what_is_proved
from manchengo_sync.signature_runs import (
    LONGEST_RUN,
    MOST_BYTES,
    count_signed,
    follows,
    is_true,
    weight,
)

MOST_63_BITS = 2**63 - 1
NOT_SIGNED = "not signed by that device, as far as is known here"
HASH_BYTES = 32
LONGEST_EPOCH = 80


def proved(
    snapshot: Snapshot, offers: Sequence[Offered], *, own_key: str
) -> tuple[Sequence[Offered], str]:
    """The first of these that are what they say they are, as far as is known now; and what is wrong
    with the one behind them. They are proved by what stands among them, in short runs, so that
    whoever reads the log finds them proved, too.

    What a key of the server's signed is its own word, under whatever id it gave it: a server put
    back from a backup, or begun again after it was lost, may not know that id, and is told of it
    again by the devices. ``own_key``: the public one under which it writes now.
    """
    keys: dict[DeviceId, list[str]] = {}
    good = 0
    while good < len(offers):
        why = _wrong(offers[good])
        if why:
            return offers[:good], why
        carrier = offers[good].commit.device_id
        if carrier not in keys:
            keys[carrier] = keys_ever_borne(snapshot, carrier) or own_keys(snapshot, own_key)
        run = offers[good : _end_of_run(offers, good)]
        signed, why = _count_signed_by_both(run, keys[carrier])
        good += signed
        if signed < len(run):
            return offers[:good], why
    return offers, ""


def _count_signed_by_both(run: Sequence[Offered], keys: Sequence[str]) -> tuple[int, str]:
    """How many of a run its device and its authors signed, and what is wrong with the next. Each
    signature proves those before it: without the end of the run, both are looked at again.
    """
    count, why = len(run), ""
    while count:
        by_device = count_signed(run[:count], keys)
        if by_device < count:
            count, why = by_device, NOT_SIGNED
        by_authors = count_signed_by_authors([offered.commit for offered in run[:count]])
        if by_authors == count:
            break
        count, why = by_authors, NOT_BY_ITS_AUTHOR
    return count, why


def _end_of_run(offers: Sequence[Offered], begin: int) -> int:
    end, bytes_of_run = begin + 1, weight(offers[begin].commit)
    while end < len(offers) and end - begin < LONGEST_RUN and bytes_of_run < MOST_BYTES:
        commit = offers[end].commit
        if _wrong(offers[end]) or not follows(commit, offers[end - 1].commit):
            break
        if not is_true(commit):
            break
        end, bytes_of_run = end + 1, bytes_of_run + weight(commit)
    return end


def _wrong(offered: Offered) -> str:
    """What nothing behind it can put right. Whoever took in a commit without a signature would
    believe that it was their own.
    """
    if not offered.signature:
        return _unkeepable(offered.commit) or NOT_SIGNED
    is_proved = admits_only_what_is_proved(offered.commit)
    return _unkeepable(offered.commit) or ("" if is_proved else KEY_NOT_PROVED)


def _unkeepable(commit: Commit) -> str:
    """Why no database could keep it to the byte; "" for all else, however strange: what nobody can
    read is parked, and never blocks what its author wrote behind it.
    """
    numbers = [commit.sequence, commit.command_version]
    for event in commit.events:
        numbers += [event.schema_version, event.version]
    if not all(abs(number) <= MOST_63_BITS for number in numbers):
        return "a number out of range"
    if commit.occurred_at.utcoffset() != timedelta():
        return "an instant that is not in UTC"
    if commit.authorship is not None and not _is_well_formed(commit.authorship):
        return "an author's part of another shape"
    return ""


def _is_well_formed(part: Authorship) -> bool:
    return (
        len(part.previous) == len(part.seen.log_hash) == HASH_BYTES
        and 1 <= part.sequence <= MOST_63_BITS
        and 0 <= part.seen.global_seq <= MOST_63_BITS
        and len(part.seen.log_epoch) <= LONGEST_EPOCH
    )
