"""Print a label: the paper, and the file to print."""

from collections.abc import Callable

import flet as ft

from manchengo_desktop.components import component
from manchengo_flet.controls import button, card, chip, link, notice, stacked
from manchengo_flet.files import save_file
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, SEMIBOLD, M, S, Tone, text
from manchengo_flet.view_models import use_view_model
from manchengo_presenters.language import _
from manchengo_presenters.screens.label_file import LabelPaper
from manchengo_presenters.screens.label_form import LabelForm


@component
def label_form(form: LabelForm, on_end: Callable[[], None]) -> ft.Control:
    """The card in which a label is printed."""
    use_view_model(form)

    async def put() -> None:
        if await form.put():
            on_end()

    async def save() -> None:
        file = await form.file()
        if file is not None:
            await save_file(_("Save the label"), file.name, file.content)

    papers = [
        chip(
            f"paper-{each.name.lower()}",
            each.words,
            on_press(form.choose, each),
            is_on=form.paper is each,
        )
        for each in LabelPaper
    ]
    failed = form.problem
    do, words = (save, _("Save the PDF")) if form.folder is None else (put, _("Print"))
    parts: list[ft.Control] = [
        text(_("Label"), BODY, family=SEMIBOLD),
        ft.Row(papers, spacing=S, run_spacing=S, wrap=True),
    ]
    if failed is not None:
        parts.append(notice("not-printed", form.not_printed, Tone.WARN))
    parts.append(
        ft.Row(
            [
                link("label-later", _("Later"), on_press(on_end)),
                ft.Container(expand=True),
                button(
                    "save-label",
                    _("Try again") if failed else words,
                    None if form.is_busy else on_press(do),
                    icon=ft.Icons.PRINT_OUTLINED,
                ),
            ]
        )
    )
    return card(stacked(parts, spacing=M + S))
