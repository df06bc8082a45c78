"""The audit: what was refused, scanned and done, a page at a time, and one record beside it."""

import flet as ft

from manchengo_desktop.components import component, facts, heading, tone
from manchengo_desktop.paged import beside, filters, page_table
from manchengo_flet import listing
from manchengo_flet.controls import button, card, link, named, notice, stacked, state_word
from manchengo_flet.fields import choice_field, search_field, text_field
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, SEMIBOLD, M, S, Tone, muted, text
from manchengo_flet.view_models import use_view_model
from manchengo_presenters.language import _
from manchengo_presenters.screens.audit_list import AuditList, Filter
from manchengo_presenters.screens.audit_record import AuditDetail, AuditLine

DETAIL_WIDTH = 340
CHOICE_WIDTH, DAY_WIDTH = 220, 150


@component
def audit(model: AuditList, width: float) -> ft.Control:
    """The list in its four states; the record that is open beside it, above it where there is
    little room.
    """
    use_view_model(model)
    search = search_field(
        "search", _("Search a code, a reason…"), model.set_search, 240, number=model.clears
    )
    check = button(
        "check",
        _("Check the chain"),
        on_press(model.check),
        icon=ft.Icons.VERIFIED_USER_OUTLINED,
        hint=_("Ctrl Enter"),
    )
    head = heading(_("Audit"), model.range_words, search, check)
    return beside(
        head,
        _chain(model),
        lambda room: _listed(model, room),
        [_detail(model, model.detail)] if model.detail else [],
        width=width,
        side_width=DETAIL_WIDTH,
    )


def _chain(model: AuditList) -> list[ft.Control]:
    if model.chain is None:
        return []
    of = Tone.GOOD if model.chain.is_whole else Tone.BAD
    return [notice("chain", model.chain.words, of)]


def _listed(model: AuditList, width: float) -> ft.Control:
    return page_table(
        model,
        "audit",
        _columns(),
        _row,
        lambda: _nothing(model),
        width=width,
        top=ft.Column([filters(model, Filter), _asked(model)], spacing=M + S, tight=True),
    )


def _asked(model: AuditList) -> ft.Control:
    """Whose records, and of which days."""
    page, show = ft.context.page, on_press(model.set_period)

    def choose(_name: str, key: str) -> None:
        page.run_task(model.set_person, key)

    everybody = [("", _("Everybody")), *model.people]
    choice = choice_field(
        "person",
        _("Person"),
        everybody,
        choose,
        value=model.person,
    )
    days: list[ft.Control] = [
        ft.Container(
            text_field(
                name,
                label,
                model.put,
                value=model.period[name],
                number=model.clears,
                error=model.errors.get(name),
                on_submit=show,
            ),
            width=DAY_WIDTH,
        )
        for name, label in (("first", _("From the")), ("last", _("Until the")))
    ]
    return ft.Row(
        [
            ft.Container(choice, width=CHOICE_WIDTH),
            *days,
            ft.Container(link("show", _("Show"), show), padding=ft.Padding.only(top=M)),
        ],
        spacing=M + S,
        run_spacing=M + S,
        wrap=True,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def _nothing(model: AuditList) -> ft.Control:
    if model.is_narrowed:
        clear = button("clear", _("Show everything"), on_press(model.clear))
        return listing.nothing(
            _("No record fits"), _("Choose another filter, or empty the search."), clear
        )
    return listing.nothing(
        _("Nothing was noted yet"),
        _("Sign-ins, scans and what a rule refuses are listed here by themselves."),
    )


def _columns() -> list[listing.Column]:
    return [
        listing.Column(title=_("When"), width=136),
        listing.Column(title=_("Who"), width=110),
        listing.Column(title=_("What"), width=220, least=700),
        listing.Column(title=_("About"), width=150, least=1000),
        listing.Column(title=_("Outcome")),
    ]


def _row(line: AuditLine) -> listing.Row:
    return listing.Row(
        identifier=f"record-{line.sequence}",
        cells=[
            muted(line.when, BODY),
            text(line.who, one_line=True),
            text(line.action, one_line=True),
            muted(line.about, BODY, one_line=True),
            _outcome(line),
        ],
    )


def _outcome(line: AuditLine) -> ft.Control:
    said = " · ".join(filter(None, [line.outcome, line.reason]))
    of = tone(line.tone)
    color = of.foreground if of is Tone.BAD else ft.Colors.ON_SURFACE_VARIANT
    return text(said, color=color, one_line=True)


def _detail(model: AuditList, detail: AuditDetail) -> ft.Control:
    line = detail.line
    parts: list[ft.Control] = [
        text(line.action, BODY, family=SEMIBOLD),
        ft.Row([state_word(detail.state, tone(line.tone))]),
        *([text(detail.outcome)] if detail.outcome else []),
        facts(dict(detail.facts)),
        *([muted(_("About"))] if detail.links else []),
        *(
            ft.Row([link(f"about-{at}", each.title, on_press(model.follow, each), in_line=True)])
            for at, each in enumerate(detail.links)
        ),
        link("close", _("Close"), on_press(model.close)),
    ]
    return named("record", card(stacked(parts, spacing=M + S)))
