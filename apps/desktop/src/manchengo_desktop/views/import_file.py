"""The file that comes in: what it is of, its rehearsal, what became of its rows."""

import flet as ft

from manchengo_desktop.components import problem_of
from manchengo_flet import sides
from manchengo_flet.controls import button, card, link, named, notice, progress
from manchengo_flet.fields import choice_field, tick_field
from manchengo_flet.files import pick_file, save_file
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, MEDIUM, SEMIBOLD, L, M, S, Tone, figures, muted, text
from manchengo_presenters.language import _
from manchengo_presenters.screens.file_imports import ImportAnswer, ImportFile
from manchengo_presenters.screens.file_work import FileWork, Step
from manchengo_presenters.screens.imports import Imports

EXTENSIONS = ("csv", "txt", "xlsx", "xlsm")

NUMBER, VALUE = 56, 160
"""The widths of what is said of a row: its number, and what stands in its cell."""


def choose_button(work: FileWork, *, primary: bool) -> ft.Control:
    """Opens the person's disk."""

    async def choose() -> None:
        picked = await pick_file(_("Choose a file to import"), EXTENSIONS)
        if picked is not None:
            await work.take(ImportFile(name=picked.name, content=picked.content))

    return button(
        "choose-file",
        _("Choose a file…"),
        None if work.is_running else on_press(choose),
        icon=ft.Icons.UPLOAD_FILE_OUTLINED,
        primary=primary,
    )


def file_in_hand(model: Imports, width: float) -> list[ft.Control]:
    """From the choice of its kind to what became of its rows."""
    work = model.work
    parts: list[ft.Control] = [*problem_of(work)]
    is_over = work.result is not None and not work.result.counts.refused
    if work.step is not Step.NO_FILE and not is_over:
        parts.insert(0, _kind(work))
    if work.is_running:
        parts.append(_running(work))
    answer = work.shown
    if answer is None:
        parts.append(ft.Row(_ways_on(model), spacing=M, wrap=True))
        return [card(ft.Column(parts, spacing=L, tight=True))]
    parts += [
        named("counts", text(work.counted_rows, family=SEMIBOLD)),
        notice("fate", work.fate, _tone(work)),
        *(muted(sentence, BODY) for sentence in answer.notices),
        ft.Row(_ways_on(model), spacing=M, wrap=True),
    ]
    return [card(ft.Column(parts, spacing=M + S, tight=True)), *_details(answer, width)]


def _tone(work: FileWork) -> Tone:
    answer = work.result
    if answer is None:
        return Tone.INFO if work.admitted else Tone.WARN
    return Tone.WARN if answer.counts.refused else Tone.GOOD


def _kind(work: FileWork) -> ft.Control:
    page, request = ft.context.page, work.request
    assert request is not None, "a file is chosen"
    if work.sheets and not request.sheet:
        sheets = [
            button(f"sheet-{name}", name, on_press(work.choose_sheet, name)) for name in work.sheets
        ]
        return ft.Column(
            [
                text(_("Several sheets hold a table: which one?"), BODY, family=MEDIUM),
                ft.Row(sheets, spacing=M, wrap=True),
            ],
            spacing=M,
        )

    def choose_kind(_name: str, kind: str) -> None:
        page.run_task(work.choose_kind, kind)

    choice = choice_field(
        "kind",
        _("What the file is about"),
        work.kinds,
        choose_kind,
        value=request.kind,
        error=None
        if request.kind or work.step is not Step.ASKED
        else _("Choose what it is about."),
    )
    parts: list[ft.Control] = [ft.Container(choice, width=300)]
    if work.can_update:
        parts.append(
            tick_field(
                "update",
                _("Change what is recorded already, too"),
                None
                if work.is_running
                else lambda is_update: page.run_task(work.set_update, is_update),
                value=request.is_update,
            )
        )
    return ft.Row(parts, spacing=L, wrap=True)


def _running(work: FileWork) -> ft.Control:
    done, whole = work.progress
    return ft.Column(
        [
            progress("import-progress", done, whole, work.progress_words),
            ft.Row([button("leave-file", _("Stop"), on_press(work.leave))]),
        ],
        spacing=M,
        tight=True,
    )


def _ways_on(model: Imports) -> list[ft.Control]:
    work = model.work
    if work.is_running:
        return []
    ways: list[ft.Control] = []
    if work.step is Step.REHEARSED and work.admitted:
        ways.append(
            button(
                "bring-in",
                work.import_label,
                on_press(work.bring_in),
                icon=ft.Icons.CHECK,
                primary=True,
                hint=_("Ctrl Enter"),
            )
        )
    if work.shown is not None and work.shown.error_file is not None:
        ways.append(_error_file_button(work.shown.error_file))
    if work.result is not None and work.result.import_id is not None and model.may_undo:
        ways.append(button("undo-result", _("Undo it whole"), on_press(model.ask_to_undo_result)))
    ways.append(choose_button(work, primary=work.shown is None or work.result is not None))
    ways.append(link("put-away", _("Back to the imports"), on_press(work.put_away)))
    return ways


def _error_file_button(file: ImportFile) -> ft.Control:
    async def save() -> None:
        await save_file(_("Save the error file"), file.name, file.content)

    return button(
        "error-file", _("Save the error file"), on_press(save), icon=ft.Icons.DOWNLOAD_OUTLINED
    )


def _details(answer: ImportAnswer, width: float) -> list[ft.Control]:
    """The rows of which something is to be known, one kind below the other."""
    parts: list[ft.Control] = []
    room = 140 if width < 1000 else 190
    if answer.refusals:
        parts.append(text(_("Refused"), family=SEMIBOLD))
        parts.append(_titles(room))
        parts += [
            _detail(
                f"refusal-{each.row}-{each.column}",
                each.row,
                [(each.column, room), (each.value, VALUE)],
                each.rule,
            )
            for each in answer.refusals
        ]
    for title, name, notes in (
        (_("Changed"), "change", answer.changes),
        (_("To check"), "warning", answer.warnings),
    ):
        if notes:
            parts.append(text(title, family=SEMIBOLD))
            parts += [_detail(f"{name}-{each.row}", each.row, [], each.sentence) for each in notes]
    if not parts:
        return []
    return [
        named("details", card(ft.ListView(parts, spacing=M, expand=True), expand=True), expand=True)
    ]


def _titles(room: int) -> ft.Control:
    number = ft.Container(muted(_("Row")), width=NUMBER, alignment=sides.at_top_end())
    boxes = [
        ft.Container(muted(_("Column")), width=room),
        ft.Container(muted(_("Value")), width=VALUE),
    ]
    return ft.Row([number, *boxes, muted(_("Why"), expand=True)], spacing=M + S)


def _detail(identifier: str, row: int, cells: list[tuple[str, int]], sentence: str) -> ft.Control:
    """A row of the file: its number, its cells at fault, and a sentence of any length."""
    number = ft.Container(figures(f"{row}"), width=NUMBER, alignment=sides.at_top_end())
    boxes = [ft.Container(text(value, one_line=True), width=room) for value, room in cells]
    line = ft.Row(
        [number, *boxes, text(sentence, expand=True)],
        spacing=M + S,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    return ft.MergeSemantics(named(identifier, line))
