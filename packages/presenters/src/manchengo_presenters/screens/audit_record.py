"""One record of the audit: who, what and when, in words, and what it is about."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from attrs import frozen

from manchengo.application.coded_rows import CODED_ROWS
from manchengo.application.spellings import rows_of_code
from manchengo.domain.names import comparison_key
from manchengo.ports.audit import AuditEntry, AuditKind, AuditRecord
from manchengo.ports.rows import DeviceRow, InvoiceRow, UserRow
from manchengo.ports.settings import DEVICE
from manchengo.ports.store import Snapshot
from manchengo_presenters import audit_words, command_view, words
from manchengo_presenters.formatting import moment, number
from manchengo_presenters.language import N_, _
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.tones import Tone

SUBJECTS = (
    "lot",
    "order",
    "delivery",
    "product",
    "client",
    "invoice",
    "code",
    "reference",
    "existing",
    "by_code",
)
"""The facts of a refusal that hold the code of something."""

SOURCES = {
    "label": N_("one of our labels"),
    "supplier": N_("a supplier's code"),
    "typed": N_("a code typed by hand"),
    "none": N_("nothing that could be read"),
}
"""What was scanned, by the stored names of ``scan_reading.Source``."""

SCREEN_OF_KIND = {
    "lot": Screen.LOT,
    "production_order": Screen.PRODUCTION_ORDER,
    "sales_order": Screen.SALE,
    "delivery": Screen.DELIVERY,
    "product": Screen.PRODUCT,
    "supplier": Screen.SUPPLIER,
    "client": Screen.CLIENT,
    "price_list": Screen.PRICE_LIST,
}
"""The screen of each kind of thing that has a code."""


@frozen(kw_only=True)
class AuditLine:
    """``about``: the codes of what it is about. ``outcome``: what came of it, in one sentence;
    ``reason``: what the person said of it.
    """

    sequence: int
    when: str
    who: str
    action: str
    about: str
    outcome: str
    reason: str
    tone: Tone


@frozen(kw_only=True)
class AuditLink:
    """Something that a record is about, and the screen that shows it."""

    title: str
    screen: Screen
    subject: UUID


@frozen(kw_only=True)
class AuditDetail:
    """``state``: whether it was done, in a word; ``outcome``: what came of it beyond that, "" for
    nothing. ``facts``: who, when and what else is known of it, with labels.
    """

    line: AuditLine
    state: str
    outcome: str
    facts: tuple[tuple[str, str], ...]
    links: tuple[AuditLink, ...]


def audit_line(snapshot: Snapshot, record: AuditRecord) -> AuditLine:
    """The record on one line."""
    entry = record.entry
    return AuditLine(
        sequence=record.sequence,
        when=moment(entry.at),
        who=command_view.known_person(snapshot, entry.user_id),
        action=words.word(words.AUDITED, entry.action),
        about=", ".join(_codes(entry)),
        outcome=audit_words.outcome(entry),
        reason=_scan(entry).get("reason", ""),
        tone=_tone(entry),
    )


def audit_detail(snapshot: Snapshot, record: AuditRecord) -> AuditDetail:
    """All that is known of the record."""
    line, is_done = audit_line(snapshot, record), record.entry.outcome == "done"
    says_no_more = is_done and line.tone is Tone.GOOD and record.entry.count == 1
    return AuditDetail(
        line=line,
        state=_("Done") if is_done else _("It was refused"),
        outcome="" if says_no_more else line.outcome,
        facts=tuple(_facts(snapshot, record, line)),
        links=tuple(_links(snapshot, record.entry)),
    )


def _facts(snapshot: Snapshot, record: AuditRecord, line: AuditLine) -> Iterator[tuple[str, str]]:
    entry, scan = record.entry, _scan(record.entry)
    yield _("When"), line.when
    yield _("Who"), line.who
    if line.reason:
        yield _("Reason"), line.reason
    if entry.count > 1:
        yield _("Times"), number(entry.count)
        yield _("Last time"), moment(entry.last_at)
    yield _("Device"), _device(snapshot, entry)
    if scan:
        yield _("Read from"), words.word(SOURCES, scan.get("source", ""))
    yield _("Number in the chain"), number(record.sequence)


def _links(snapshot: Snapshot, entry: AuditEntry) -> Iterator[AuditLink]:
    for code in _codes(entry):
        for kind, screen in SCREEN_OF_KIND.items():
            for row in rows_of_code(snapshot, code, *CODED_ROWS[kind]):
                yield AuditLink(title=f"{screen.words} {row.code}", screen=screen, subject=row.id)
        for bill in snapshot.rows(InvoiceRow, number_key=comparison_key(code)):
            title = f"{Screen.INVOICE.words} {bill.number}"
            yield AuditLink(title=title, screen=Screen.INVOICE, subject=bill.id)
    person = snapshot.get(UserRow, entry.user_id)
    if person is not None:
        title = f"{Screen.PERSON.words} {person.name}"
        yield AuditLink(title=title, screen=Screen.PERSON, subject=person.id)


def _device(snapshot: Snapshot, entry: AuditEntry) -> str:
    """Its name. This device has none before it is enrolled at a server."""
    if snapshot.get(DeviceRow, entry.device_id) is None and snapshot.setting(DEVICE) == str(
        entry.device_id
    ):
        return _("This computer")
    return command_view.known_device(snapshot, entry.device_id)


def _tone(entry: AuditEntry) -> Tone:
    if entry.outcome != "done":
        return Tone.BAD
    return Tone.INFO if entry.kind == AuditKind.DRILL else Tone.GOOD


def _codes(entry: AuditEntry) -> tuple[str, ...]:
    """What it is about, by the codes in its facts, each once."""
    said, scan = audit_words.facts(entry), _scan(entry)
    named = [scan.get("code"), scan.get("for"), *(said.get(name) for name in SUBJECTS)]
    return tuple(dict.fromkeys(each for each in named if isinstance(each, str) and each))


def _scan(entry: AuditEntry) -> dict[str, Any]:
    """What is known of a scan; nothing of what is none."""
    scan = audit_words.facts(entry).get("scan")
    return scan if isinstance(scan, dict) else {}
