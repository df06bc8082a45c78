"""The history of an entry of a register: what changed, from what to what, who and when."""

import flet as ft

from manchengo_flet.controls import card, link, named, stacked
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, MEDIUM, SEMIBOLD, L, M, S, muted, text
from manchengo_presenters.language import _, ngettext
from manchengo_presenters.screens.entry_history import HistoryLine
from manchengo_presenters.screens.register_page import RegisterPage

WIDTH = 620


def entry_history(model: RegisterPage) -> ft.Control:
    """The latest changes first; those that are older at a press."""
    parts: list[ft.Control] = [text(_("History"), BODY, family=SEMIBOLD)]
    parts += [_line(place, each) for place, each in enumerate(model.history)]
    if model.older:
        words = ngettext("Show {count} older change", "Show {count} older changes", model.older)
        parts.append(link("older", words.format(count=model.older), on_press(model.show_all)))
    return ft.Container(named("history", card(stacked(parts, spacing=M + S))), width=WIDTH)


def _line(place: int, line: HistoryLine) -> ft.Control:
    head = ft.Row(
        [
            text(line.title, family=MEDIUM),
            muted(line.who, BODY, one_line=True, expand=True),
            muted(line.when, BODY),
        ],
        spacing=M,
    )
    changes = [_change(*each) for each in line.changes]
    if line.note:
        changes.append(muted(line.note, BODY))
    return named(f"change-{place}", ft.Column([head, *changes], spacing=S, tight=True))


def _change(label: str, before: str, after: str) -> ft.Control:
    values = f"{before} → {after}" if before else after
    parts: list[ft.Control] = [
        ft.Container(muted(label, BODY, one_line=True), width=WIDTH // 3),
        text(values, expand=True),
    ]
    return ft.Row(parts, spacing=L, vertical_alignment=ft.CrossAxisAlignment.START)
