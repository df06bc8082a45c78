"""The numbers of invoices and credit notes: each device has its own series of each, without a gap.

What was printed is a fact with a number. Nobody takes a number of another device's series: its
paper may be in somebody's hands before anybody hears of it.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date

from attrs import frozen

from manchengo import codec
from manchengo.application.handlers.devices import family
from manchengo.application.marks import own_mark
from manchengo.application.next_codes import first_free
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.commands import COMMANDS, IssueCreditNote, IssueInvoice
from manchengo.domain.errors import AlreadyExists, Refused
from manchengo.domain.ids import DeviceId
from manchengo.domain.names import comparison_key
from manchengo.domain.resolution import Matter
from manchengo.ports.rows import CreditNoteRow, DeviceRow, InvoiceRow, ResolutionItemRow
from manchengo.ports.store import Snapshot

Papers = type[InvoiceRow] | type[CreditNoteRow]
"""The rows of the papers of one kind."""

PREFIXES: dict[type, str] = {InvoiceRow: "FAC", CreditNoteRow: "AV"}
"""With what the numbers of each kind of paper begin."""

_ISSUING: dict[type, str] = {
    papers: next(name for name, schema in COMMANDS.items() if schema.type is command)
    for papers, command in ((InvoiceRow, IssueInvoice), (CreditNoteRow, IssueCreditNote))
}

_DIGITS = 6


@frozen(kw_only=True)
class NumberOfAnotherDevice(Refused):
    """The number is of the series of another device. ``mark``: its letters."""

    kind: str
    number: str
    mark: str


@frozen(kw_only=True)
class NumberSkipsOne(Refused):
    """The number before it in its series was given to no paper. ``missing``: that number."""

    kind: str
    number: str
    missing: str


def next_bill_number(snapshot: Snapshot, on: date, papers: Papers) -> str:
    """``FAC-2026-000001``, or what follows the last one of the year: a series without a gap.

    A device that bears a mark has a series of its own (``FAC-2026-B-000001``). A number of which
    the log refused the paper, or could not read it, is not given again: that paper may be in
    somebody's hands.
    """
    mark = own_mark(snapshot)
    stem = f"{PREFIXES[papers]}-{on:%Y}-{mark}-" if mark else f"{PREFIXES[papers]}-{on:%Y}-"
    claimed = set(_claimed_numbers(UnitOfWork(snapshot), papers))

    def taken(number: int) -> bool:
        key = comparison_key(f"{stem}{number:0{_DIGITS}}")
        return key in claimed or _bearer(snapshot, papers, key) is not None

    return f"{stem}{first_free(taken):0{_DIGITS}}"


def check_number(work: UnitOfWork, papers: Papers, kind: str, number: str) -> None:
    """``AlreadyExists`` where another paper bears the number. Where it has the form of a series,
    ``NumberOfAnotherDevice`` unless that is the device's own or nobody's, and ``NumberSkipsOne``
    unless it follows a number that was given. ``kind``: what the paper is called in refusals.
    """
    key = comparison_key(number)
    bearer = _bearer(work.snapshot, papers, key)
    if bearer is not None:
        raise AlreadyExists(kind=kind, reference=number, existing=bearer.number or "")
    of_a_series = _form(papers).fullmatch(key)
    if of_a_series is None:
        return
    mark, count = _mark(of_a_series), int(of_a_series["count"])
    if not _may_number(work, mark, work.device_id):
        raise NumberOfAnotherDevice(kind=kind, number=number, mark=mark)
    before = f"{of_a_series['stem']}{count - 1:0{_DIGITS}}"
    if count > 1 and not _is_given(work, papers, before):
        raise NumberSkipsOne(kind=kind, number=number, missing=before.upper())


def _form(papers: Papers) -> re.Pattern[str]:
    """Of the keys by which the numbers of a series are compared."""
    prefix = comparison_key(PREFIXES[papers])
    return re.compile(
        rf"(?P<stem>{prefix}-[0-9]{{4}}-(?:(?P<mark>[a-z]+)-)?)(?P<count>[0-9]{{{_DIGITS},}})"
    )


def _mark(of_a_series: re.Match[str]) -> str:
    return (of_a_series["mark"] or "").upper()


def _may_number(work: UnitOfWork, mark: str, device_id: DeviceId | None) -> bool:
    """Whether the series of that mark is the device's, which keeps those of its former ids, or
    nobody's in the log.
    """
    bearers = {row.id for row in work.snapshot.rows(DeviceRow) if mark and row.mark == mark}
    return not bearers or device_id is None or bool(bearers & _ids(work, device_id))


def _ids(work: UnitOfWork, device_id: DeviceId) -> set[DeviceId]:
    is_known = work.snapshot.get(DeviceRow, device_id) is not None
    return set(family(work, device_id)) if is_known else {device_id}


def _bearer(snapshot: Snapshot, papers: Papers, key: str) -> InvoiceRow | CreditNoteRow | None:
    return next(iter(snapshot.rows(papers, number_key=key, limit=1)), None)


def _is_given(work: UnitOfWork, papers: Papers, key: str) -> bool:
    is_borne = _bearer(work.snapshot, papers, key) is not None
    return is_borne or key in _claimed_numbers(work, papers)


def _claimed_numbers(work: UnitOfWork, papers: Papers) -> Iterator[str]:
    """The numbers, as they are compared, of the papers that the log refused or could not read,
    decided on or not. What another device claims of a series is none: it would tear gaps in it.
    """
    form = _form(papers)
    for matter in (Matter.REJECTED, Matter.PARKED):
        items = work.snapshot.rows(
            ResolutionItemRow, matter=matter.value, command_type=_ISSUING[papers]
        )
        for item in items:
            key = _number_in(work.snapshot, item)
            of_a_series = form.fullmatch(key)
            if of_a_series is None or _may_number(work, _mark(of_a_series), item.device_id):
                yield key


def _number_in(snapshot: Snapshot, item: ResolutionItemRow) -> str:
    """As it is compared; "" where nobody here can read it."""
    commit = snapshot.commit(item.commit_id)
    assert commit is not None, "an item is of a commit that is stored"
    with suppress(codec.Unreadable):
        command = codec.commands.decode(commit.command_type, commit.command_version, commit.command)
        return comparison_key(command.number)
    return ""
