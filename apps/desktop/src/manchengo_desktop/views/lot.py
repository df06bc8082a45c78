"""One lot: what it is, what happened to it, what may be decided about it."""

import flet as ft

from manchengo_desktop.components import (
    NARROW,
    back_link,
    component,
    facts,
    form_field,
    heading,
    problem_of,
    screen,
    tone,
    unread,
)
from manchengo_desktop.views.label_form import label_form
from manchengo_desktop.views.late_entry import day_field, late_entry
from manchengo_desktop.views.lot_correction import lot_correction
from manchengo_flet import listing
from manchengo_flet.controls import (
    button,
    card,
    chip,
    link,
    named,
    notice,
    stacked,
    state_word,
)
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, FIGURE, SEMIBOLD, L, M, Tone, figures, muted, text
from manchengo_flet.tree import Branch, tree
from manchengo_flet.view_models import use_view_model
from manchengo_presenters.language import _
from manchengo_presenters.screens.lot_actions import Judgement, Removal
from manchengo_presenters.screens.lot_page import LotDetail, LotPage, MovementLine, Side
from manchengo_presenters.screens.lot_trace import TraceLine


@component
def lot(model: LotPage, width: float) -> ft.Control:
    """The lot that is open."""
    use_view_model(model)
    back = back_link(model.context)
    if model.detail is None:
        head = heading(_("Lot"), "", back)
        return screen(head, unread(model) if model.problem else listing.late(_("Still running…")))
    line = model.detail.line
    product = " · ".join(filter(None, (line.product, line.arabic)))
    head = heading(line.code, product, back)
    beside = _movements(model.detail, width) if model.side is Side.MOVEMENTS else _trace(model)
    sides = ft.Row([_side(model, each) for each in Side], spacing=M)
    movements = ft.Column([sides, beside], spacing=M, expand=True)
    about = _about(model, model.detail)
    if width < NARROW:
        below = ft.ListView([about, ft.Container(movements, height=400)], spacing=L, expand=True)
        return screen(head, below)
    side = ft.Column([about], width=380, scroll=ft.ScrollMode.AUTO)
    body = ft.Row(
        [side, movements], spacing=L, expand=True, vertical_alignment=ft.CrossAxisAlignment.STRETCH
    )
    return screen(head, body)


def _about(model: LotPage, detail: LotDetail) -> ft.Control:
    line = detail.line
    aside = [notice("aside", detail.aside, Tone.BAD)] if detail.aside else []
    balance = ft.Row(
        [
            named("balance", figures(line.on_hand, FIGURE, family=SEMIBOLD)),
            ft.Container(expand=True),
            state_word(line.state, tone(line.tone)),
        ]
    )
    away = [muted(f"{line.expires} · {line.away}", BODY)] if line.away else []
    parts: list[ft.Control] = [balance, *away, *aside, facts(dict(detail.facts))]
    first = card(stacked(parts))
    if model.correction is not None:
        return stacked([first, lot_correction(model.correction, model.end_correction)])
    label = _label(model) if model.deciding is None else []
    return stacked([first, *problem_of(model), *label, *_decision(model)])


def _label(model: LotPage) -> list[ft.Control]:
    if model.label is not None:
        return [label_form(model.label, model.end_label)]
    label = button(
        "label",
        _("Print the label"),
        on_press(model.begin_label),
        icon=ft.Icons.QR_CODE_2,
        hint=_("E"),
    )
    recall = button(
        "recall", _("Recall or drill…"), on_press(model.recall), icon=ft.Icons.CAMPAIGN_OUTLINED
    )
    return [ft.Row([label, recall], spacing=M, run_spacing=M, wrap=True)]


def _decision(model: LotPage) -> list[ft.Control]:
    if model.late.shown is not None:
        return [card(late_entry(model.late))]
    if model.deciding is not None:
        decide = on_press(model.decide)
        words = model.deciding.words
        buttons = ft.Row(
            [
                link("leave", _("Leave it"), on_press(model.begin, None)),
                ft.Container(expand=True),
                button("decide", words, None if model.is_busy else decide, primary=True),
            ]
        )
        takes = model.takes_quantity
        fields = [form_field(model, "reason", _("Reason"), autofocus=not takes, on_submit=decide)]
        if takes:
            label = model.quantity_label
            fields.insert(0, form_field(model, "quantity", label, autofocus=True, on_submit=decide))
            fields.append(day_field(model, model.late, decide))
        title = text(words, BODY, family=SEMIBOLD)
        return [card(stacked([title, *fields, buttons]))]
    deeds: list[Judgement | Removal] = [*model.judgements, *model.removals]
    ways = [
        button(f"judge-{each.name.lower()}", each.words, on_press(model.begin, each))
        for each in deeds
    ]
    if model.may_correct:
        ways.append(button("correct", _("Correct"), on_press(model.begin_correction)))
    return [ft.Row(ways, spacing=M, run_spacing=M, wrap=True)] if ways else []


def _side(model: LotPage, side: Side) -> ft.Control:
    return chip(
        f"side-{side.name.lower()}",
        side.words,
        on_press(model.show, side),
        is_on=model.side is side,
    )


def _trace(model: LotPage) -> ft.Control:
    found = model.trace
    if found is None:
        return unread(model) if model.problem else listing.late(_("Still running…"))
    parts: list[ft.Control] = []
    for name, title, lines in (
        ("origins", _("Origins"), found.origins),
        ("uses", _("Uses"), found.uses),
    ):
        parts.append(text(title, BODY, family=SEMIBOLD))
        parts.append(named(name, tree([_branch(model, each) for each in lines])))
    if found.is_cut:
        parts.append(muted(_("There is more: open a lot of it to see on."), BODY))
    parts += [muted(each, BODY) for each in found.completeness]
    lines_ = ft.ListView(parts, spacing=M, expand=True)
    return named("trace", card(lines_, expand=True), expand=True)


def _branch(model: LotPage, line: TraceLine) -> Branch:
    words: list[ft.Control] = [text(line.text, one_line=True, expand=True)]
    if line.lot_id is not None and line.lot_id != model.lot_id:
        opens = on_press(model.open, line)
        words.insert(0, link(f"trace-{line.code}", line.code, opens, in_line=True))
    elif line.code:
        words.insert(0, text(line.code, family=SEMIBOLD))
    named_ = ft.Row(words, spacing=M)
    if not line.note:
        return Branch(depth=line.depth, content=named_)
    both = ft.Column(
        [named_, muted(line.note, one_line=True)],
        spacing=0,
        alignment=ft.MainAxisAlignment.CENTER,
    )
    return Branch(depth=line.depth, content=both)


def _movements(detail: LotDetail, width: float) -> ft.Control:
    columns = [
        listing.Column(title=_("Day"), width=92),
        listing.Column(title=_("Movement"), width=150),
        listing.Column(title=_("Quantity"), width=104, is_figures=True),
        listing.Column(title=_("For"), width=150, least=1240),
        listing.Column(title=_("Reason")),
    ]
    return listing.table(
        "movements",
        columns,
        [_movement(place, line) for place, line in enumerate(detail.movements)],
        width=width,
        selected=None,
        on_open=None,
    )


def _movement(place: int, line: MovementLine) -> listing.Row:
    return listing.Row(
        identifier=f"movement-{place}",
        cells=[
            figures(line.day),
            text(line.kind, one_line=True),
            figures(line.quantity),
            text(line.cause, one_line=True),
            text(line.reason, one_line=True),
        ],
    )
