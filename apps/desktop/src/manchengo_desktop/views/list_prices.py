"""The prices of a price list, how one is set, and what a product costs by each list."""

import flet as ft

from manchengo_desktop.components import component, form_field, list_keys, problem_of
from manchengo_flet import listing
from manchengo_flet.controls import button, card, link, named, stacked
from manchengo_flet.fields import choice_field, search_field
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, SEMIBOLD, L, M, figures, muted, text
from manchengo_flet.view_models import use_view_model
from manchengo_presenters.language import _, ngettext
from manchengo_presenters.screens.price_list_page import PriceForm, PriceListPage, ProductPrice
from manchengo_presenters.screens.product_page import ProductPage

FORM_WIDTH = 460


def list_prices(model: PriceListPage, width: float) -> list[ft.Control]:
    """The prices of the list, and the form in which one is set."""
    if not model.may_read_prices:
        return [muted(_("Your roles do not allow you to read prices."), BODY)]
    if model.listed is None:
        return [ft.Container(ft.Column([listing.late(_("Still running…"))]), height=220)]
    parts: list[ft.Control] = [_head(model)]
    if model.form is not None:
        parts.append(ft.Row([price_form(model.form, model)]))
    if not model.listed.prices:
        parts.append(
            ft.Container(
                listing.nothing(
                    _("No price in this list yet"),
                    _("Set the first one, or import a file of prices."),
                ),
                height=180,
            )
        )
    elif not model.found:
        parts.append(muted(_("No product fits. Empty the search."), BODY))
    else:
        parts.append(_table(model, width))
    if model.hidden:
        words = ngettext("Show {count} more product", "Show {count} more products", model.hidden)
        parts.append(
            link("more-prices", words.format(count=model.hidden), on_press(model.show_all_prices))
        )
    return parts


def _head(model: PriceListPage) -> ft.Control:
    beside: list[ft.Control] = [
        search_field("search", _("Search a product…"), model.set_search, 260, number=0)
    ]
    if model.may_set_prices:
        beside.append(
            button("new-price", _("Set a price"), on_press(model.begin, None), icon=ft.Icons.ADD)
        )
    title = text(_("Prices"), BODY, family=SEMIBOLD, expand=True)
    return ft.Row([title, *beside], spacing=L)


def _table(model: PriceListPage, width: float) -> ft.Control:
    columns = [
        listing.Column(title=_("Code"), width=120, least=760),
        listing.Column(title=_("Product")),
        listing.Column(title=_("Price before tax"), width=170, is_figures=True),
        listing.Column(title=_("In force from"), width=110),
        listing.Column(title=_("Later on"), width=230, least=1000),
    ]
    page, shown, opens = ft.context.page, model.shown, model.may_set_prices
    return listing.short_table(
        "prices",
        columns,
        [_row(each) for each in shown],
        width=width,
        selected=model.selected if opens else None,
        on_open=(lambda place: page.run_task(model.open, shown[place])) if opens else None,
        hint=_("↑ ↓ choose · Enter set the price") if opens else "",
    )


def _row(price: ProductPrice) -> listing.Row:
    name: list[ft.Control] = [text(price.product, one_line=True)]
    if price.arabic:
        name[0].expand, name[0].expand_loose = 3, True
        arabic = muted(price.arabic, BODY, one_line=True)
        arabic.rtl, arabic.expand, arabic.expand_loose = True, 1, True
        name.append(arabic)
    return listing.Row(
        identifier=f"price-{price.code}",
        cells=[
            text(price.code, one_line=True),
            ft.Row(name, spacing=M) if price.arabic else name[0],
            figures(price.price or "–"),
            text(price.since),
            muted(price.next, BODY, one_line=True),
        ],
    )


@component
def price_form(form: PriceForm, model: PriceListPage) -> ft.Control:
    """The product, its price and the day; below, all prices that the list has or had for it."""
    use_view_model(form)
    parts: list[ft.Control] = [
        *problem_of(form),
        choice_field(
            "product",
            _("Product"),
            form.listed.products,
            form.choose,
            value=form.values["product"],
            error=form.errors.get("product"),
        ),
        form_field(
            form,
            "price",
            _("Price before tax"),
            hint=_("0: from that day on the price of the product holds."),
            on_submit=on_press(form.submit),
        ),
        form_field(
            form,
            "from_day",
            _("In force from"),
            hint=_("As 23/04/2026; left blank: today."),
            on_submit=on_press(form.submit),
        ),
    ]
    if form.chosen is not None:
        rows: list[ft.Control] = [
            ft.Row([muted(day, BODY, expand=True), figures(price)], spacing=L)
            for day, price in form.chosen.versions
        ]
        rows.insert(0, text(_("Set so far"), BODY, family=SEMIBOLD))
        parts.append(named("versions", ft.Column(rows, spacing=M, tight=True)))
    record = button(
        "record-price",
        _("Record"),
        None if form.is_busy else on_press(form.submit),
        icon=ft.Icons.CHECK,
        primary=True,
        hint=_("Ctrl Enter"),
    )
    leave = link("leave", _("Leave it"), on_press(model.leave))
    parts.append(ft.Row([leave, ft.Container(expand=True), record]))
    return ft.Container(card(stacked(parts, spacing=L)), width=FORM_WIDTH)


def prices_by_list(model: ProductPage, width: float) -> ft.Control:
    """What the product costs today by each list that has a price for it."""
    columns = [
        listing.Column(title=_("Price list")),
        listing.Column(title=_("Price before tax"), width=170, is_figures=True),
        listing.Column(title=_("In force from"), width=110),
    ]
    rows = [
        listing.Row(
            identifier=f"list-{each.code}",
            cells=[text(each.name, one_line=True), figures(each.price), text(each.since)],
        )
        for each in model.lists
    ]
    page = ft.context.page

    def open_list(place: int) -> None:
        page.run_task(model.open, model.lists[place])

    return listing.short_table(
        "price-lists-of",
        columns,
        rows,
        width=min(width, 620),
        selected=model.selected,
        on_open=open_list,
        hint=list_keys(),
    )
