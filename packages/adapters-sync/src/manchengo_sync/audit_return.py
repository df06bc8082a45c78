"""Continues the audit of a restored database behind what its original noted since the backup.

The server keeps those records, and nobody signed each of them. So only what leads, record by
record, up to a head that this device signed and the log anchors is taken: a server in other hands
cannot put anything into the audit of a device.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from attrs import define, evolve

from manchengo.application.audit_heads import (
    AnchoredHead,
    anchored_heads,
    answer_for,
    answers_for,
    has,
    last_matching,
)
from manchengo.application.authorship import former_devices, own_devices
from manchengo.ports import audit_chain
from manchengo.ports.audit import AuditHead, AuditRecord
from manchengo.ports.settings import COPY_OF
from manchengo.ports.store import Snapshot, Store, Transaction
from manchengo_sync.audit_pages import MOST_HEADS, AuditWanted, SentRecord
from manchengo_sync.link import Link
from manchengo_sync.outgoing import empty_page
from manchengo_sync.settings import AUDIT_ASKED
from manchengo_sync.signed_log import SignedLog
from manchengo_sync.wire import PushResponse


@define
class AuditTakenBack:
    """``records``: how many came back. ``missing_until``: the day up to which this device had noted
    something, by the log, that the server does not give back; None where it gave all.
    """

    records: int = 0
    missing_until: date | None = None


def is_wanted(snapshot: Snapshot) -> bool:
    """Whether this database was restored, and its audit is not continued yet."""
    return bool(snapshot.setting(audit_chain.SHARED))


def wanted(snapshot: Snapshot) -> AuditWanted | None:
    """What to ask the server for; None where the log, as it is here, anchors nothing beyond what
    this database has.
    """
    here = _last_shared(snapshot)
    heads = [] if here is None else list(_heads_beyond(snapshot, here))
    if here is None or not heads:
        return None
    hashes = dict.fromkeys(each.head.hash for each in heads)
    return AuditWanted(sequence=here.sequence, after=here.hash, up_to=tuple(hashes)[:MOST_HEADS])


def _last_shared(snapshot: Snapshot) -> AuditHead | None:
    """The last record that the original has as well; None where the chain is continued already, or
    the server keeps records that another program sent of it since.
    """
    number = int(snapshot.setting(audit_chain.SHARED) or -1)
    base = audit_chain.head(snapshot, audit_chain.BASE)
    if number < base.sequence or audit_chain.head(snapshot, audit_chain.SENT).sequence > number:
        return None
    if number == base.sequence:
        return base
    found = next(snapshot.audit_records(after=number - 1, limit=1), None)
    return None if found is None else AuditHead(found.sequence, found.hash)


def _heads_beyond(snapshot: Snapshot, here: AuditHead) -> Iterator[AnchoredHead]:
    """The heads in the log, of each id that this database ever had, that it does not have: the
    nearest first.
    """
    heads = [
        each
        for own in own_devices(snapshot)
        for each in anchored_heads(snapshot, own, SignedLog())
        if each.head.sequence > here.sequence and not has(snapshot, each.head)
    ]
    yield from sorted(heads, key=lambda each: each.head.sequence)


def receive_returned(store: Store, returned: Sequence[SentRecord] | None) -> AuditTakenBack:
    """Puts what the server gave back into the chain, up to the last head that it leads to. Once
    nothing more comes, the chain goes on from there. ``returned``: None from a server of before.
    """
    with store.writing() as transaction:
        here = _last_shared(transaction)
        proved = [] if here is None else _proved(transaction, here, returned or ())
        if proved:
            end = audit_chain.splice(transaction, proved)
            audit_chain.set_head(transaction, audit_chain.SENT, end)
            transaction.set_setting(audit_chain.SHARED, str(end.sequence))
            _answer_for_more(transaction)
            return AuditTakenBack(records=len(proved))
        missing = None
        if here is not None and returned is not None:
            missing = _missing_until(transaction, here)
        transaction.set_setting(audit_chain.SHARED, "")
    return AuditTakenBack(missing_until=missing)


def _proved(
    snapshot: Snapshot, here: AuditHead, returned: Sequence[SentRecord]
) -> list[AuditRecord]:
    """Those that follow each other behind ``here``, up to the last that a head names."""
    heads = {each.head for each in _heads_beyond(snapshot, here)}
    followed: list[AuditRecord] = []
    proved = 0
    for record in (each.record() for each in returned):
        follows = (record.sequence, record.previous) == (here.sequence + 1, here.hash)
        if not follows or audit_chain.hash_of(record) != record.hash:
            break
        followed.append(record)
        here = AuditHead(record.sequence, record.hash)
        if here in heads:
            proved = len(followed)
    return followed[:proved]


def _answer_for_more(transaction: Transaction) -> None:
    """``verify`` asks from now on for the heads of the former ids that the chain has now."""
    for former in former_devices(transaction):
        known = answers_for(transaction, former)
        answer_for(transaction, former, max(known, last_matching(transaction, former)))


def _missing_until(snapshot: Snapshot, here: AuditHead) -> date | None:
    """The day of the last head of the original that the chain here does not have."""
    original = snapshot.setting(COPY_OF)
    heads = _heads_beyond(snapshot, here)
    return max((each.on for each in heads if str(each.device_id) == original), default=None)


def take_audit_back(store: Store, link: Link) -> AuditTakenBack:
    """Asks the server until it gives nothing more back. To be called once the log is read to its
    end, which says up to where there is something to ask for. Raises ``LinkError``.
    """
    taken = AuditTakenBack()
    while True:
        with store.reading() as snapshot:
            if not is_wanted(snapshot):
                return taken
            asked = wanted(snapshot)
        returned: Sequence[SentRecord] | None = ()
        if asked is not None:
            request = evolve(empty_page(store).request(limit=1), audit_wanted=asked)
            returned = link.push(request).audit_returned
        more = receive_returned(store, returned)
        taken.records += more.records
        taken.missing_until = more.missing_until


def ask_by_file(store: Store) -> AuditWanted | None:
    """What a request in a file asks for; the device remembers that it did."""
    with store.reading() as snapshot:
        asked = wanted(snapshot) if is_wanted(snapshot) else None
    if asked is not None:
        with store.writing() as transaction:
            transaction.set_setting(AUDIT_ASKED, "yes")
    return asked


def receive_by_file(
    store: Store, responses: Sequence[PushResponse], *, more: bool
) -> AuditTakenBack:
    """``responses``: of the file. ``more``: the log goes on behind it, and may anchor something yet
    that is to be asked for.
    """
    with store.reading() as snapshot:
        if not is_wanted(snapshot):
            return AuditTakenBack()
        is_asked = bool(snapshot.setting(AUDIT_ASKED))
        is_nothing_to_ask = not more and wanted(snapshot) is None
    given = (each.audit_returned for each in responses)
    returned = next((each for each in given if each is not None), None)
    if returned is None and not is_asked and not is_nothing_to_ask:
        return AuditTakenBack()
    with store.writing() as transaction:
        transaction.set_setting(AUDIT_ASKED, "")
    return receive_returned(store, returned)
