"""Recipes: the list, one with its versions, and the form of the next version or of a new one."""

from collections.abc import Callable

import flet as ft

from manchengo_desktop.components import (
    back_link,
    beside,
    component,
    facts,
    form_field,
    heading,
    problem_of,
    screen,
    unread,
)
from manchengo_desktop.paged import filters, page_table
from manchengo_desktop.views.charts import chart_card
from manchengo_flet import listing
from manchengo_flet.controls import (
    button,
    card,
    chip,
    icon_button,
    link,
    named,
    notice,
    stacked,
    state_word,
)
from manchengo_flet.fields import choice_field, search_field
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, SEMIBOLD, L, M, Tone, figures, muted, text
from manchengo_flet.view_models import use_view_model
from manchengo_presenters.language import _
from manchengo_presenters.screens.recipe_form import Part, RecipeForm
from manchengo_presenters.screens.recipe_list import Filter, RecipeLine, RecipeList
from manchengo_presenters.screens.recipe_page import (
    NewRecipe,
    PartShown,
    RecipeDetail,
    RecipePage,
    VersionShown,
)

FORM_WIDTH = 460


@component
def recipes(model: RecipeList, width: float) -> ft.Control:
    """The list in its four states."""
    use_view_model(model)
    search = search_field(
        "search", _("Search a product…"), model.set_search, 260, number=model.clears
    )
    add = button(
        "new-recipe", _("New recipe"), on_press(model.begin), icon=ft.Icons.ADD, primary=True
    )
    beside = [search, add] if model.may_define else [search]
    return screen(heading(_("Recipes"), model.range_words, *beside), _body(model, width))


def _body(model: RecipeList, width: float) -> ft.Control:
    columns = [
        listing.Column(title=_("Code"), width=130),
        listing.Column(title=_("Product")),
        listing.Column(title=_("Version"), width=72, is_figures=True),
        listing.Column(title=_("For"), width=120, is_figures=True),
        listing.Column(title=_("Expected yield"), width=120, is_figures=True, least=900),
        listing.Column(title=_("In force from"), width=110),
    ]
    return page_table(
        model,
        "recipes",
        columns,
        _row,
        lambda: _nothing(model),
        width=width,
        top=filters(model, Filter),
    )


def _nothing(model: RecipeList) -> ft.Control:
    if model.search.strip():
        clear = button("clear", _("Empty the search"), on_press(model.clear))
        return listing.nothing(_("No recipe fits"), _("Empty the search."), clear)
    if model.filter is Filter.ARCHIVED:
        return listing.nothing(_("No recipe is archived"), _("Those in use are listed beside."))
    return listing.nothing(_("No recipe yet"), _("Enter what a batch of a product takes."))


def _row(line: RecipeLine) -> listing.Row:
    return listing.Row(
        identifier=f"recipe-{line.code}",
        cells=[
            text(line.code, one_line=True),
            text(line.product, one_line=True),
            figures(line.version),
            figures(line.batch),
            figures(line.expected),
            text(line.valid_from),
        ],
    )


@component
def recipe(model: RecipePage, width: float) -> ft.Control:
    """One recipe, or the form of its next version."""
    use_view_model(model)
    back = back_link(model.context)
    if model.detail is None:
        head = heading(_("Recipe"), "", back)
        return screen(head, unread(model) if model.problem else listing.late(_("Still running…")))
    head = heading(model.detail.product, model.detail.arabic, back)
    if model.form is not None:
        body = recipe_form(model.form, model.leave)
        return screen(head, ft.ListView([ft.Row([body])], expand=True))
    version = model.looked_at
    parts = [*(_parts(version) if version else []), chart_card(model.detail.yields)]
    return beside(head, _about(model, model.detail), parts, width)


def _about(model: RecipePage, detail: RecipeDetail) -> ft.Control:
    chips = [
        chip(
            f"version-{each.number}",
            _("Version {number}").format(number=each.number),
            on_press(model.show, each),
            is_on=each is model.looked_at,
        )
        for each in detail.versions
    ]
    parts: list[ft.Control] = [ft.Row(chips, spacing=M, run_spacing=M, wrap=True)]
    if detail.is_archived:
        parts.append(ft.Row([state_word(_("archived"), Tone.PLAIN)], tight=True))
    if model.looked_at is not None:
        if model.looked_at.is_in_force:
            parts.append(ft.Row([state_word(_("in force"), Tone.GOOD)], tight=True))
        parts.append(named("facts", facts(dict(model.looked_at.facts))))
    return stacked([card(stacked(parts)), *problem_of(model), *_actions(model)])


def _actions(model: RecipePage) -> list[ft.Control]:
    if not model.may_change:
        return []
    change = None if model.is_busy else on_press(model.begin)
    return [
        ft.Row(
            [
                button("new-version", _("New version"), change, primary=True, hint=_("Ctrl Enter")),
                link("archive", _("Archive"), on_press(model.archive)),
            ],
            spacing=M,
        )
    ]


def _parts(version: VersionShown) -> list[ft.Control]:
    parts = [_card("ingredients", _("Ingredients"), version.ingredients)]
    if version.by_products:
        parts.append(_card("by-products", _("By-products"), version.by_products))
    return parts


def _card(identifier: str, title: str, parts: tuple[PartShown, ...]) -> ft.Control:
    rows = [
        ft.Row(
            [
                ft.Container(muted(each.code, BODY, one_line=True), width=130),
                text(each.name, one_line=True, expand=True),
                figures(each.quantity),
            ],
            spacing=L,
        )
        for each in parts
    ]
    head = text(title, BODY, family=SEMIBOLD)
    return named(identifier, card(ft.Column([head, *rows], spacing=M, tight=True)))


@component
def new_recipe(model: NewRecipe, width: float) -> ft.Control:  # noqa: ARG001 - as every screen
    """The form of a first version."""
    use_view_model(model)
    head = heading(_("New recipe"), "", back_link(model.context))
    if model.form.choices is None:
        return screen(head, unread(model) if model.problem else listing.late(_("Still running…")))
    body = recipe_form(model.form, None)
    return screen(head, ft.ListView([ft.Row([body])], expand=True))


@component
def recipe_form(form: RecipeForm, on_leave: Callable[[], None] | None) -> ft.Control:
    """The fields of a version, then what differs from the one before."""
    use_view_model(form)
    choices = form.choices
    assert choices is not None, "it is shown once they are read"
    parts: list[ft.Control] = [*problem_of(form)]
    if form.before is None:
        parts.append(_choice(form, "product", _("Product"), choices.makes))
    parts += [
        form_field(form, "batch", form.batch_label),
        form_field(form, "expected_yield", _("Expected yield"), hint=_("Left blank: 100 %.")),
        form_field(form, "valid_from", _("In force from"), hint=_("As 23/04/2026.")),
        *_group(form, _("Ingredients"), is_by_product=False),
        _choice(form, "ingredient", _("Add an ingredient"), choices.ingredients),
        *_group(form, _("By-products"), is_by_product=True),
        _choice(form, "by_product", _("Add a by-product"), choices.ingredients),
    ]
    if form.changes:
        said = "\n".join(form.changes)
        parts.append(notice("changes", said, Tone.INFO))
    parts.append(_buttons(form, on_leave))
    return ft.Container(card(stacked(parts, spacing=L)), width=FORM_WIDTH)


def _choice(
    form: RecipeForm, name: str, label: str, options: tuple[tuple[str, str], ...]
) -> ft.Control:
    value, error = form.values[name], form.errors.get(name)
    return choice_field(name, label, options, form.choose, value=value, error=error)


def _group(form: RecipeForm, title: str, *, is_by_product: bool) -> list[ft.Control]:
    parts = [each for each in form.parts if each.is_by_product is is_by_product]
    if not parts:
        return []
    return [text(title, BODY, family=SEMIBOLD), *(_part(form, each) for each in parts)]


def _part(form: RecipeForm, part: Part) -> ft.Control:
    remove = icon_button(
        f"remove-{part.field}",
        ft.Icons.CLOSE,
        _("Leave this line out"),
        on_press(form.remove, part),
    )
    field = ft.Container(form_field(form, part.field, part.label), expand=True)
    return ft.Row([field, remove], spacing=M)


def _buttons(form: RecipeForm, on_leave: Callable[[], None] | None) -> ft.Control:
    leave = [link("leave", _("Leave it"), on_press(on_leave))] if on_leave else []
    record = button(
        "record",
        _("Record"),
        None if form.is_busy else on_press(form.submit),
        icon=ft.Icons.CHECK,
        primary=True,
        hint=_("Ctrl Enter"),
    )
    return ft.Row([*leave, ft.Container(expand=True), record])
