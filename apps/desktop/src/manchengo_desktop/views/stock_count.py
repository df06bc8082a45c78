"""The lots to count: what is expected of each, what was counted, and why they differ."""

import flet as ft

from manchengo_desktop.components import (
    NARROW,
    component,
    form_field,
    heading,
    list_keys,
    problem_of,
    screen,
    tone,
    unread,
)
from manchengo_desktop.paged import pages
from manchengo_desktop.views.late_entry import late_entry
from manchengo_flet import listing, sides
from manchengo_flet.controls import (
    button,
    card,
    chip,
    link,
    named,
    notice,
    read_aloud,
    stacked,
    state_word,
)
from manchengo_flet.fields import choice_field, search_field, text_field
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, L, M, S, Tone, figures, muted, text
from manchengo_flet.view_models import use_view_model
from manchengo_presenters.language import _
from manchengo_presenters.screens.count_form import REASONS, CountForm
from manchengo_presenters.screens.late_entry import DAY
from manchengo_presenters.screens.stock_count import CountFilter, StockCount

QUANTITY_WIDTH = 200
EXPECTED_WIDTH = 110
DIFFERENCE_WIDTH = 150
DAY_WIDTH = 268
PRODUCT_WIDTH = 240
LATE_WIDTH = 460


@component
def stock_count(model: StockCount, width: float) -> ft.Control:
    """The list in its four states."""
    use_view_model(model)
    search = search_field(
        "search", _("Search a lot, a product…"), model.set_search, 240, number=model.clears
    )
    record = button(
        "record-count",
        _("One moment…") if model.is_busy else model.confirm_words,
        on_press(model.confirm) if model.filled and not model.is_busy else None,
        icon=ft.Icons.CHECK,
        primary=True,
        hint=_("Ctrl Enter"),
    )
    if model.day.late.shown is not None:
        shown = ft.Container(card(late_entry(model.day.late)), width=LATE_WIDTH)
        return screen(
            heading(_("Stock counts"), model.summary), ft.ListView([ft.Row([shown])], expand=True)
        )
    head = heading(_("Stock counts"), model.range_words, search, record)
    return screen(head, *problem_of(model), *problem_of(model.day), _body(model, width))


def _body(model: StockCount, width: float) -> ft.Control:
    if model.page is None:
        return unread(model) if model.problem else listing.late(_("Still running…"))
    if not model.page.lines and not model.is_narrowed:
        return listing.nothing(
            _("No lot holds anything"), _("What is received or made is counted here.")
        )
    parts = [_choosing(model), *_state(model)]
    if model.page.lines:
        parts.append(_lots(model, width))
    else:
        clear = button("clear", _("Show all lots"), on_press(model.clear))
        advice = _("Choose another filter, or empty the search.")
        parts.append(listing.nothing(_("No lot fits"), advice, clear))
    return ft.Column(parts, spacing=M + S, expand=True)


def _choosing(model: StockCount) -> ft.Control:
    page = ft.context.page

    def choose(_name: str, key: str) -> None:
        page.run_task(model.set_product, key)

    filters = [
        chip(
            f"filter-{each.name.lower()}",
            each.words,
            on_press(model.set_filter, each),
            is_on=model.filter is each,
        )
        for each in CountFilter
    ]
    products = choice_field(
        "product",
        _("Product"),
        [(each.key, each.words) for each in model.products],
        choose,
        value=model.product,
    )
    return ft.Row(
        [
            *filters,
            ft.Container(expand=True),
            ft.Container(_day(model), width=DAY_WIDTH),
            ft.Container(stacked([products]), width=PRODUCT_WIDTH),
        ],
        spacing=M,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def _day(model: StockCount) -> ft.Control:
    """When it was counted: what is expected follows as one types."""
    page = ft.context.page

    def put(_name: str, typed: str) -> None:
        page.run_task(model.put_day, typed)

    return text_field(
        DAY,
        _("Day"),
        put,
        value=model.day.values[DAY],
        number=model.day.number,
        error=model.day.errors.get(DAY),
        hint=model.day.late.hint,
    )


def _state(model: StockCount) -> list[ft.Control]:
    """How far the count is, and what stands in its way."""
    if model.wrong:
        return [notice("wrong", model.wrong, Tone.BAD)]
    return [read_aloud("summary", muted(model.summary, BODY))] if model.summary else []


def _lots(model: StockCount, width: float) -> ft.Control:
    assert model.page is not None, "the lots are there"
    rows = [
        count_line(form, width, place == model.selected, key=form.lot.code)  # type: ignore[call-arg]  # the decorator takes it
        for place, form in enumerate(model.page.lines)
    ]
    lines = ft.ListView(rows, expand=True)
    within = ft.Column([lines, listing.foot(list_keys(), pages(model))], spacing=0)
    return named("lots", card(within, padding=0, expand=True), expand=True)


@component
def count_line(form: CountForm, width: float, is_selected: bool) -> ft.Control:
    """One lot: its names, what is expected, what was counted; below it, why they differ."""
    use_view_model(form)
    lot = form.lot
    quantity = form_field(form, form.quantity_field, _("Counted"))
    expected = ft.Column(
        [muted(_("Expected")), figures(lot.expected_words)],
        spacing=0,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.END,
    )
    said = [state_word(form.difference_words, tone(form.tone))] if form.difference_words else []
    said = said or [link(f"all-there-{lot.code}", _("All there"), on_press(form.count_as_expected))]
    first = ft.Row(
        [
            _names(form, is_roomy=width >= NARROW),
            ft.Container(expected, width=EXPECTED_WIDTH, alignment=sides.at_end()),
            ft.Container(quantity, width=QUANTITY_WIDTH),
            ft.Container(ft.Row(said, tight=True), width=DIFFERENCE_WIDTH),
        ],
        spacing=L,
    )
    return ft.Container(
        ft.Column([first, *_why(form)], spacing=M, tight=True),
        padding=sides.padding(start=L if is_selected else L + S, end=L, top=M, bottom=M),
        bgcolor=ft.Colors.SURFACE_CONTAINER_HIGH if is_selected else None,
        border=sides.border(
            start=ft.BorderSide(S, ft.Colors.PRIMARY) if is_selected else None,
            bottom=ft.BorderSide(1, ft.Colors.OUTLINE_VARIANT),
        ),
    )


def _names(form: CountForm, *, is_roomy: bool) -> ft.Control:
    lot = form.lot
    product: list[ft.Control] = [muted(lot.product, BODY, one_line=True)]
    if lot.arabic and is_roomy:
        arabic = muted(lot.arabic, BODY, one_line=True)
        arabic.rtl = True
        product.append(arabic)
    for each in product:
        each.expand, each.expand_loose = True, True
    names = ft.Column([text(lot.code, one_line=True), ft.Row(product, spacing=M)], spacing=0)
    return ft.Container(ft.MergeSemantics(named(f"lot-{lot.code}", names)), expand=True)


def _why(form: CountForm) -> list[ft.Control]:
    """The reason of a difference, with those that are ready."""
    if not form.question:
        return []
    ready = [
        chip(
            f"{form.reason_field}-{number}",
            _(each),
            on_press(form.choose_reason, _(each)),
            is_on=form.values[form.reason_field] == _(each),
        )
        for number, each in enumerate(REASONS)
    ]
    return [
        notice(f"why-{form.lot.code}", form.question, Tone.WARN),
        ft.Row(ready, spacing=S, run_spacing=S, wrap=True),
        form_field(form, form.reason_field, _("Reason")),
    ]
