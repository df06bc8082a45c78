"""What a recall reaches: whom to call, what to hold back, the lots and each gram of them."""

from collections.abc import Sequence

import flet as ft

from manchengo_desktop.components import NARROW
from manchengo_flet import listing
from manchengo_flet.clipboard import copy
from manchengo_flet.controls import button, card, link, named, notice, stacked, state_word
from manchengo_flet.files import save_file
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, FIGURE, SEMIBOLD, L, M, Tone, figures, muted, text
from manchengo_flet.tree import Branch, tree
from manchengo_presenters.calls import Call
from manchengo_presenters.language import _
from manchengo_presenters.recall_paper import BalanceLine
from manchengo_presenters.screens.lot_trace import TraceLine
from manchengo_presenters.screens.recall_detail import MOST_BALANCES, RecallDetail
from manchengo_presenters.screens.recall_page import RecallPage

LOT_WIDTH = 190
STATE_WIDTH = 110


def reach(model: RecallPage, detail: RecallDetail, width: float) -> list[ft.Control]:
    """In the order in which it is needed: calls, what is still here, the lots, their balance."""
    first = [_summary(detail), *_state(detail)]
    if detail.went_nowhere:
        first.append(
            notice(
                "went-nowhere", _("Nothing was made of it yet, and none of it left."), Tone.PLAIN
            )
        )
    to_call, held = _calls(model, detail), _held(detail)
    below = [_lots(model, detail), _balances(detail, width)]
    if width < NARROW:
        return [*first, to_call, held, *below]
    row = ft.Row(
        [
            ft.Container(to_call, expand=3),
            ft.Container(held, expand=2),
        ],
        spacing=L,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    return [*first, row, *below]


def _summary(detail: RecallDetail) -> ft.Control:
    words: list[ft.Control] = [named("reach", figures(detail.reach, FIGURE, family=SEMIBOLD))]
    if detail.was_recalled:
        words.append(state_word(_("recalled"), Tone.BAD))
    return ft.Row(words, spacing=L, wrap=True)


def _state(detail: RecallDetail) -> list[ft.Control]:
    """How far the answer can be relied on."""
    tone = Tone.GOOD if detail.is_complete else Tone.WARN
    parts = [notice("complete", " ".join(detail.completeness), tone)]
    if detail.has_claims:
        sentence = _(
            "What is claimed was recorded and is not accepted: it may have left all the same. "
            "Look at the conflicts."
        )
        parts.append(notice("claims", sentence, Tone.WARN))
    return parts


def _calls(model: RecallPage, detail: RecallDetail) -> ft.Control:
    async def copy_list() -> None:
        paper = await model.paper()
        if paper is not None:
            await copy(paper)
            model.copied()

    async def save_list() -> None:
        pdf = await model.pdf()
        if pdf is not None:
            await save_file(_("List of calls"), model.paper_name, pdf)

    title = text(_("To call"), BODY, family=SEMIBOLD)
    parts: list[ft.Control] = [title]
    if detail.phones and detail.calls:
        parts.append(notice("phones", detail.phones, Tone.WARN))
    parts += [_call(place, each, detail) for place, each in enumerate(detail.calls)]
    if not detail.calls:
        parts.append(muted(_("None of it has left for a client."), BODY))
    parts.append(
        ft.Row(
            [
                button("copy", _("Copy the list"), on_press(copy_list), icon=ft.Icons.COPY),
                button("save", _("Save to print…"), on_press(save_list), icon=ft.Icons.PRINT),
            ],
            spacing=M,
            run_spacing=M,
            wrap=True,
        )
    )
    return named("calls", card(stacked(parts)))


def _call(place: int, each: Call, detail: RecallDetail) -> ft.Control:
    phone: list[ft.Control] = []
    if each.phone:
        phone.append(figures(each.phone, family=SEMIBOLD))
    elif not detail.phones:
        phone.append(text(_("no telephone recorded"), color=Tone.WARN.foreground))
    names = ft.Row(
        [text(each.name, family=SEMIBOLD, one_line=True, expand=True), *phone], spacing=L
    )
    lines: list[ft.Control] = [muted(goods.text, BODY) for goods in each.goods]
    return ft.MergeSemantics(named(f"call-{place}", ft.Column([names, *lines], spacing=0)))


def _held(detail: RecallDetail) -> ft.Control:
    title = text(_("To hold back here"), BODY, family=SEMIBOLD)
    lines: list[ft.Control] = [text(f"{each.lot}\u00a0: {each.text}") for each in detail.held]
    if not lines:
        lines = [muted(_("None of it is in a van, in the workshop or kept for an order."), BODY)]
    return named("held", card(stacked([title, *lines], spacing=M)))


def _lots(model: RecallPage, detail: RecallDetail) -> ft.Control:
    title = text(_("Lots reached"), BODY, family=SEMIBOLD)
    parts: list[ft.Control] = [title, tree([_branch(model, each) for each in detail.tree])]
    if detail.is_cut:
        parts.append(muted(_("There is more: the file that you save has all of it."), BODY))
    return named("lots-reached", card(stacked(parts, spacing=M)))


def _branch(model: RecallPage, line: TraceLine) -> Branch:
    assert line.lot_id is not None, "lots alone stand in this tree"
    words: list[ft.Control] = [
        link(f"open-{line.code}", line.code, on_press(model.open, line.lot_id), in_line=True),
        muted(line.text, BODY, one_line=True, expand=True),
    ]
    return Branch(depth=line.depth, content=ft.Row(words, spacing=M))


def _balances(detail: RecallDetail, width: float) -> ft.Control:
    shown = detail.balances[:MOST_BALANCES]
    figures_ = {
        "came_in": _("Came in"),
        "consumed": _("Consumed"),
        "delivered": _("Delivered"),
        "returned": _("Returned"),
        "lost": _("Lost or sent back"),
        "adjusted": _("Adjusted"),
        "left": _("Left"),
    }
    # Most lots were neither lost nor returned: what no line has takes no room from the others.
    names = [name for name in figures_ if any(getattr(each, name) for each in shown)]
    columns = [
        listing.Column(title=_("Lot"), width=LOT_WIDTH),
        listing.Column(title=_("Product")),
        *(listing.Column(title=figures_[name], width=88, is_figures=True) for name in names),
    ]
    has_states = any(each.state for each in shown)
    if has_states:
        columns.append(listing.Column(title="", width=STATE_WIDTH, least=NARROW))
    rows = [_balance(each, names, has_state=has_states) for each in shown]
    tone = Tone.GOOD if detail.is_balanced else Tone.BAD
    parts: list[ft.Control] = [
        text(_("Mass balance"), BODY, family=SEMIBOLD),
        notice("balance-words", " ".join(detail.balance_words), tone),
        listing.short_table("balances", columns, rows, width=width),
    ]
    if len(detail.balances) > MOST_BALANCES:
        parts.append(muted(_("There is more: the file that you save has all of it."), BODY))
    return stacked(parts, spacing=M)


def _balance(line: BalanceLine, names: Sequence[str], *, has_state: bool) -> listing.Row:
    tone = Tone.BAD if line.is_recalled else Tone.WARN
    state = ft.Row([state_word(line.state, tone)], tight=True) if line.state else text("")
    return listing.Row(
        identifier=f"balance-{line.code}",
        cells=[
            text(line.code, one_line=True),
            muted(line.product, BODY),
            *(figures(getattr(line, name)) for name in names),
            *([state] if has_state else []),
        ],
    )
