"""Codes, one after the other, and what came of each: a page, or one object a line."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from manchengo.application.holds import waiting_for
from manchengo.domain.errors import NothingToDo, Refused
from manchengo.ports.rows import DeliveryRow, ProductionOrderRow
from manchengo.ports.store import Snapshot
from manchengo_cli.database import opened
from manchengo_cli.exit_codes import REFUSED
from manchengo_cli.output import Part, Shape, write_json_line, write_page
from manchengo_cli.session import Session
from manchengo_presenters import words
from manchengo_presenters.formatting import plain
from manchengo_presenters.language import N_, _
from manchengo_presenters.measures import Measure
from manchengo_presenters.refusal_text import sentence
from manchengo_presenters.scan_view import ScanView
from manchengo_workplace import lookups
from manchengo_workplace.code_pictures import codes_in_file
from manchengo_workplace.failures import Failure, Origin
from manchengo_workplace.scan_reading import Scanned, view_of
from manchengo_workplace.scan_records import Task
from manchengo_workplace.scan_tasks import Details, Outcome, ScanResult, ScanTask
from manchengo_workplace.workplace import Workplace

UNDO = ("annuler", "undo")
"""What is typed, or printed on a card, to take the last scan back."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What was typed. At most one of ``pour``, ``load``, ``count`` and ``hand_over``."""

    pictures: tuple[Path, ...]
    codes: tuple[str, ...]
    camera: str | None
    pour: str | None
    load: str | None
    count: bool
    hand_over: str | None
    quantity: Measure | None
    reason: str
    by: str


def scan(session: Session, asked: Asked) -> int:
    """1 where a scan was refused or a reason is missing."""
    task = _task_of(asked)
    code = 0
    with opened(session, acts=task is not Task.LOOK) as workplace, ExitStack() as camera:
        at_work = ScanTask(workplace, task, _subject(workplace, asked, task), session.on)
        details = Details(quantity=asked.quantity, reason=asked.reason, received_by=asked.by)
        say: Callable[[ScanResult], None] = Saying(session, workplace, at_work).say
        for text in _texts(asked, camera):
            if text.casefold() in UNDO:
                code = max(code, _undone(session, at_work))
                continue
            result = at_work.scan(text, details)
            say(result)
            if result.outcome in (Outcome.REFUSED, Outcome.ASKS):
                code = REFUSED
    return code


def _task_of(asked: Asked) -> Task:
    tasks = {
        Task.POUR: asked.pour is not None,
        Task.LOAD: asked.load is not None,
        Task.COUNT: asked.count,
        Task.HAND_OVER: asked.hand_over is not None,
    }
    given = [task for task, is_given in tasks.items() if is_given]
    if len(given) > 1:
        raise Failure(
            "OneTaskAtATime",
            N_("One task at a time: give only one of --pour, --load, --count and --hand-over."),
            {},
            origin=Origin.REQUEST,
        )
    return given[0] if given else Task.LOOK


def _subject(
    workplace: Workplace, asked: Asked, task: Task
) -> ProductionOrderRow | DeliveryRow | None:
    with workplace.dairy.reading() as snapshot:
        match task:
            case Task.POUR:
                return lookups.coded(snapshot, ProductionOrderRow, asked.pour or "")
            case Task.LOAD:
                return lookups.coded(snapshot, DeliveryRow, asked.load or "")
            case Task.HAND_OVER:
                return lookups.coded(snapshot, DeliveryRow, asked.hand_over or "")
            case _:
                return None


# --------------------------------------------------------------------------- where codes come from


def _texts(asked: Asked, camera: ExitStack) -> Iterator[str]:
    yield from asked.codes
    for picture in asked.pictures:
        yield from codes_in_file(picture)
    if asked.camera is not None:
        yield from _of_camera(asked.camera, camera)
    if not (asked.codes or asked.pictures or asked.camera is not None):
        yield from (line.strip() for line in sys.stdin if line.strip())


def _of_camera(number: str, opened_camera: ExitStack) -> Iterator[str]:
    """The codes of each frame that shows any, until the person ends it with Ctrl+C."""
    from manchengo_qr.camera import NoCamera, camera_frames, first_codes  # late, as above

    try:
        frames = opened_camera.enter_context(camera_frames(int(number)))
        while codes := first_codes(frames):
            yield from codes
    except (NoCamera, ValueError) as error:
        raise Failure(
            "NoCamera",
            N_(
                "There is no camera {number} on this computer, or another program uses it. Give "
                "pictures, or type the codes."
            ),
            {"number": number},
        ) from error


# ------------------------------------------------------------------------------- what came of each


@dataclass(frozen=True)
class Saying:
    """Says each result as it comes: a person waits for it with the scanner in the hand."""

    session: Session
    workplace: Workplace
    task: ScanTask

    def say(self, result: ScanResult) -> None:
        """On standard output, at once."""
        with self.workplace.dairy.reading() as snapshot:
            if self.session.json:
                shape = result_shape(snapshot, self.workplace, result)
                write_json_line(shape, sys.stdout)
            else:
                write_page(self._page(snapshot, result), sys.stdout)
                sys.stdout.flush()

    def _page(self, snapshot: Snapshot, result: ScanResult) -> Iterator[Part]:
        match result.outcome:
            case Outcome.REPEATED:
                yield _("Scanned already.")
            case Outcome.REFUSED | Outcome.ASKS:
                assert result.refusal is not None, "what is refused says why"
                yield sentence(result.refusal)
                if result.outcome is Outcome.ASKS:
                    yield _("To record it all the same, scan it again with --reason.")
            case Outcome.DONE if result.commit is None:
                assert result.scanned is not None, "what was read is something"
                yield from view_page(_view(snapshot, self.workplace, result.scanned))
            case Outcome.DONE:
                yield from self._recorded(snapshot, result)

    def _recorded(self, snapshot: Snapshot, result: ScanResult) -> Iterator[Part]:
        yield self._sentence(snapshot, result)
        if self.task.task in (Task.POUR, Task.LOAD) and self.task.subject is not None:
            yield from _next_lot(snapshot, self.task.subject)

    def _sentence(self, snapshot: Snapshot, result: ScanResult) -> str:
        scanned = result.scanned.subject if result.scanned else None
        assert scanned is not None, "what was recorded is about something"
        work = self.task.subject
        measure = words.measure(result.quantity) if result.quantity else ""
        named = {"lot": scanned.code, "quantity": measure, "code": work.code if work else ""}
        match self.task.task, work:
            case Task.POUR, _subject:
                return _("Poured into {code}: {lot}, {quantity}").format(**named)
            case Task.LOAD, _subject:
                return _("Loaded for {code}: {lot}, {quantity}").format(**named)
            case Task.HAND_OVER, DeliveryRow():
                note = snapshot.get(DeliveryRow, work.id)
                by = note.received_by if note else ""
                return (
                    _("{code} is handed over; received by {by}.").format(by=by, **named)
                    if by
                    else _("{code} is handed over.").format(**named)
                )
            case _:
                return _("Counted: {lot}, {quantity}").format(**named)


def _next_lot(snapshot: Snapshot, subject: ProductionOrderRow | DeliveryRow) -> Iterator[Part]:
    left = waiting_for(snapshot, subject)
    if not left:
        yield _("All that is kept for {order} is recorded.").format(order=subject.code)
        return
    lot_id, quantity = next(iter(left.items()))
    lot = lookups.lot_of(snapshot, lot_id)
    yield _("Next: {lot}, {quantity}").format(
        lot=lot.code, quantity=words.measured(quantity, lot.unit)
    )


def view_page(view: ScanView) -> Iterator[Part]:
    """What it is, what there is to know of it, what can be done with it."""
    kind = words.word(words.LABEL_KINDS, view.kind)
    yield " ".join(filter(None, [f"{kind} {view.code}".strip(), view.title and f"({view.title})"]))
    for name, value in view.facts:
        yield _("{name}: {value}").format(name=name, value=value)
    yield from view.warnings
    possible = [action.label for action in view.actions if not action.refused]
    if possible:
        yield _("Possible now: {actions}").format(actions=", ".join(possible))
    refused = [f"{action.label} ({action.refused})" for action in view.actions if action.refused]
    if refused:
        yield _("Not now: {actions}").format(actions=", ".join(refused))


def result_shape(snapshot: Snapshot, workplace: Workplace, result: ScanResult) -> dict[str, Any]:
    """What came of a scan, for programs."""
    view = _view(snapshot, workplace, result.scanned) if result.scanned else None
    quantity = result.quantity
    return {
        "outcome": result.outcome.value,
        "refusal": type(result.refusal).__name__ if result.refusal else None,
        "message": sentence(result.refusal) if result.refusal else None,
        "quantity": plain(quantity.thousandths) if quantity else None,
        "unit": quantity.unit if quantity else None,
        "commit": str(result.commit.id) if result.commit else None,
        "scanned": view_shape(view) if view else None,
    }


def view_shape(view: ScanView) -> dict[str, Any]:
    """What was scanned, for programs: actions by the stored names of their commands."""
    return {
        "kind": view.kind,
        "code": view.code,
        "title": view.title,
        "warnings": list(view.warnings),
        "actions": [
            {"command": action.command, "refused": action.refused or None}
            for action in view.actions
        ],
    }


def _view(snapshot: Snapshot, workplace: Workplace, scanned: Scanned) -> ScanView:
    return view_of(snapshot, scanned, workplace.actor, workplace.clock.today())


def _undone(session: Session, task: ScanTask) -> int:
    try:
        code, commit = task.undo()
    except Refused as refusal:
        text = (
            _("There is no scan of this task to take back.")
            if isinstance(refusal, NothingToDo)
            else sentence(refusal)
        )
        shape = {"outcome": "refused", "refusal": type(refusal).__name__, "message": text}
        _answer_at_once(session, shape, text)
        return REFUSED
    shape = {"outcome": "undone", "lot": code, "commit": str(commit.id)}
    _answer_at_once(session, shape, _("Taken back: {lot}").format(lot=code))
    return 0


def _answer_at_once(session: Session, shape: Shape, text: str) -> None:
    if session.json:
        write_json_line(shape, sys.stdout)
    else:
        write_page([text], sys.stdout)
        sys.stdout.flush()
