"""Up to where a database was read and found sound, sealed by the person who had it read.

A checkpoint holds the ends of what was read: the last entry of the log, the last commit of each
device, the last commit that waits. The next verification reads what was added since
(``since_checkpoint``). Its seal is a signature by that person's key on this device, which only they
can unlock: whoever has the database, its key and our program cannot make one. Each person trusts
their own checkpoint and no other.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import msgspec
from attrs import frozen

from manchengo.domain.commit import START, Tip, Verdict
from manchengo.domain.ids import CommitId, DeviceId
from manchengo.domain.resolution import Matter
from manchengo.ports import audit_chain
from manchengo.ports.audit import AuditHead
from manchengo.ports.rows import ResolutionItemRow
from manchengo.ports.settings import DEVICE, LOG_EPOCH
from manchengo.ports.signature_check import SignatureCheck
from manchengo.ports.signer import Signer
from manchengo.ports.store import Snapshot, Transaction

SETTING = "verified."
"""The setting, followed by the public key of the person in hexadecimal, that holds a checkpoint and
its seal.
"""

WHOLE_AFTER = timedelta(days=30)
"""A checkpoint stands for so long on one reading of the whole."""

MOST_NEW = 200_000
"""So many commits are read as new. Beyond, the whole is read: which things were touched is held in
memory.
"""

PURPOSE = b"manchengo verified 1\n"
"""What a seal is over begins with it, so that no signature for another purpose is one."""


@frozen(kw_only=True)
class Counted:
    """How many commits, and how many events they recorded."""

    commits: int = 0
    events: int = 0

    def __add__(self, other: "Counted") -> "Counted":
        return Counted(commits=self.commits + other.commits, events=self.events + other.events)

    def __sub__(self, other: "Counted") -> "Counted":
        return Counted(commits=self.commits - other.commits, events=self.events - other.events)


@frozen(kw_only=True)
class Checkpoint:
    """``device``, ``epoch``: of this database, and of the log that it holds. ``cursor``,
    ``log_hash``: the last entry that was read. ``ends_in_log``: the last commit of each device up
    to there; ``ends``: where a chain ended otherwise, with what waited. ``waiting``: how many
    commits did, the last of which was ``last_waiting``; ``rewinds``, ``head``: what the store
    counted. ``parked``: the commits of the log that may still be judged again, with their hashes.
    ``diverging``: those whose authors saw another log. ``audit``: the last record of the audit that
    may not grow. ``in_log``, ``in_all``: how many there were. ``on``: the day on which it was made,
    ``whole_on``: on which the whole was read last.
    """

    device: str
    epoch: str
    cursor: int
    log_hash: bytes
    ends_in_log: dict[DeviceId, Tip]
    ends: dict[DeviceId, Tip]
    waiting: int
    last_waiting: CommitId | None
    rewinds: int
    head: int
    parked: dict[CommitId, bytes]
    diverging: tuple[CommitId, ...]
    audit: AuditHead
    in_log: Counted
    in_all: Counted
    on: date
    whole_on: date


@frozen(kw_only=True)
class Waiting:
    """What was read of the commits that wait for the log; ``last``: the last of them."""

    counted: Counted = Counted()
    last: CommitId | None = None


class NotUsable(Exception):
    """Why a checkpoint is not gone by: ``reason`` is one of the keys of ``REASONS``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


REASONS = {
    "none": "there is none of this person",
    "unsigned": "nobody signs here who could seal one",
    "altered": "it is not what was sealed",
    "device": "it was made on another device, of which this database is a copy",
    "epoch": "the server began its log anew since",
    "rewritten": "what was read then does not end any more as it did",
    "old": "the whole was last read long ago, or on a day that is yet to come",
    "many": "too much was added since",
    "fault": "something was found wrong in what was added since",
}
"""By which name, and in words for engineers, why the whole is read where a checkpoint would do."""


def made(
    snapshot: Snapshot,
    *,
    waiting: Waiting,
    in_all: Counted,
    diverging: tuple[CommitId, ...],
    on: date,
    whole_on: date,
) -> Checkpoint:
    """The checkpoint at the end of what the snapshot holds, all of which was found sound."""
    tips = snapshot.tips()
    ends_in_log = {device_id: snapshot.tip_in_log(device_id) for device_id in tips}
    return Checkpoint(
        device=snapshot.setting(DEVICE) or "",
        epoch=snapshot.setting(LOG_EPOCH) or "",
        cursor=snapshot.cursor(),
        log_hash=snapshot.log_hash(),
        ends_in_log={each: tip for each, tip in ends_in_log.items() if tip != START},
        ends={each: tip for each, tip in tips.items() if tip != ends_in_log[each]},
        waiting=waiting.counted.commits,
        last_waiting=waiting.last,
        rewinds=snapshot.rewinds(),
        head=snapshot.head(),
        parked=dict(_parked(snapshot)),
        diverging=diverging,
        audit=_closed(snapshot),
        in_log=in_all - waiting.counted,
        in_all=in_all,
        on=on,
        whole_on=whole_on,
    )


def _parked(snapshot: Snapshot) -> Iterator[tuple[CommitId, bytes]]:
    for item in snapshot.rows(ResolutionItemRow, matter=Matter.PARKED.value):
        entry = snapshot.entry(item.commit_id)
        if entry is not None and entry.verdict is Verdict.PARKED:
            yield item.commit_id, entry.commit.hash


def _closed(snapshot: Snapshot) -> AuditHead:
    """The last record of the audit that stays as it is, or where the audit begins."""
    base = audit_chain.head(snapshot, audit_chain.BASE)
    tip = audit_chain.head(snapshot, audit_chain.TIP)
    closed = int(snapshot.setting(audit_chain.CLOSED) or 0)
    number = audit_chain.shared_with_a_copy(tip.sequence, closed)
    if number <= base.sequence:
        return base
    (record,) = snapshot.audit_records(after=number - 1, limit=1)
    return AuditHead(record.sequence, record.hash)


# ---------------------------------------------------------------- kept and found again


def keep(transaction: Transaction, checkpoint: Checkpoint, signer: Signer) -> None:
    """Seals it with that person's key, in the place of the one that they had."""
    content = _content(checkpoint)
    seal = signer.sign(PURPOSE + content.encode())
    transaction.set_setting(_name(signer), f"{seal.hex()} {content}")


def found(
    snapshot: Snapshot, signer: Signer, signatures: SignatureCheck, *, today: date
) -> Checkpoint:
    """The checkpoint of that person. Raises ``NotUsable`` where there is none that may be used."""
    kept = snapshot.setting(_name(signer))
    if not kept:
        raise NotUsable("none")
    checkpoint = _opened(kept, signer, signatures)
    if checkpoint.device != (snapshot.setting(DEVICE) or ""):
        raise NotUsable("device")
    if checkpoint.epoch != (snapshot.setting(LOG_EPOCH) or ""):
        raise NotUsable("epoch")
    if not timedelta() <= today - checkpoint.whole_on < WHOLE_AFTER:
        raise NotUsable("old")
    if not _ends_as_it_did(snapshot, checkpoint):
        raise NotUsable("rewritten")
    added = snapshot.cursor() - checkpoint.cursor, snapshot.head() - checkpoint.head
    if max(added) > MOST_NEW:
        raise NotUsable("many")
    return checkpoint


def _opened(kept: str, signer: Signer, signatures: SignatureCheck) -> Checkpoint:
    seal, _, content = kept.partition(" ")
    try:
        is_sealed = signatures.is_signed(
            signer.key.hex(), bytes.fromhex(seal), PURPOSE + content.encode()
        )
    except ValueError:
        is_sealed = False
    if not is_sealed:
        raise NotUsable("altered")
    return msgspec.json.decode(content, type=Checkpoint)


def _content(checkpoint: Checkpoint) -> str:
    return msgspec.json.encode(checkpoint).decode()


def _name(signer: Signer) -> str:
    return SETTING + signer.key.hex()


def _ends_as_it_did(snapshot: Snapshot, checkpoint: Checkpoint) -> bool:
    """Whether the last entry, and the last commit of each device, are where they were then. Who
    seals a whole chain anew cannot keep its end.
    """
    if checkpoint.cursor:
        last = next(snapshot.entries(after=checkpoint.cursor - 1, limit=1), None)
        if last is None or last.hash != checkpoint.log_hash:
            return False
    return all(_has(snapshot, device_id, tip) for device_id, tip in checkpoint.ends_in_log.items())


def _has(snapshot: Snapshot, device_id: DeviceId, tip: Tip) -> bool:
    found = snapshot.last_commits(device_id, before=tip.sequence + 1, limit=1)
    return bool(found) and (found[0].sequence, found[0].hash) == (tip.sequence, tip.hash)
