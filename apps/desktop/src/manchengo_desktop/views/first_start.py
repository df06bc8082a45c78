"""The first start: choose a way, fill it in, write the recovery key down."""

import flet as ft

from manchengo_desktop.components import component, form_field, problem_of
from manchengo_desktop.views.join_fields import join_fields
from manchengo_flet.controls import button, card, link, named, notice, stacked
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, MEDIUM, SEMIBOLD, TITLE, XL, L, M, Tone, muted, text
from manchengo_flet.view_models import use_view_model
from manchengo_presenters.language import _
from manchengo_presenters.screens.first_start import FirstStart, Way
from manchengo_presenters.screens.form import Form

WIDTH = 520


def centred(*parts: ft.Control) -> ft.Control:
    """A card in the middle of an otherwise empty window."""
    inside = ft.Container(card(stacked(parts), padding=XL), width=WIDTH)
    return ft.Container(
        ft.Column([inside], scroll=ft.ScrollMode.AUTO, alignment=ft.MainAxisAlignment.CENTER),
        alignment=ft.Alignment.CENTER,
        padding=XL,
        expand=True,
    )


@component
def first_start(model: FirstStart) -> ft.Control:
    """Whichever step it is at."""
    use_view_model(model)
    use_view_model(model.form)
    if model.recovery_key:
        return _recovery_key(model)
    if model.way is Way.CREATE:
        return _creation(model)
    if model.way is Way.JOIN:
        return _joining(model)
    if model.way is Way.RESTORE:
        return _restoration(model)
    return centred(
        text("Manchengo", TITLE, family=SEMIBOLD),
        muted(_("No dairy is on this computer yet. How do you want to begin?"), BODY),
        button(
            "begin-create",
            _("Begin a new dairy"),
            on_press(model.choose, Way.CREATE),
            icon=ft.Icons.ADD,
            primary=True,
        ),
        button(
            "begin-join",
            _("Join the server of a dairy"),
            on_press(model.choose, Way.JOIN),
            icon=ft.Icons.LINK,
        ),
        button(
            "begin-restore",
            _("Bring back a backup"),
            on_press(model.choose, Way.RESTORE),
            icon=ft.Icons.SETTINGS_BACKUP_RESTORE,
        ),
    )


def _creation(model: FirstStart) -> ft.Control:
    form = model.creation
    create = on_press(model.create)
    return centred(
        text(_("Begin a new dairy"), TITLE, family=SEMIBOLD),
        *problem_of(form),
        form_field(form, "dairy", _("Name of the dairy"), autofocus=True),
        form_field(form, "admin", _("Your name"), hint=_("You will be its administrator.")),
        *_database_fields(form),
        form_field(
            form,
            "secret",
            _("Your personal passphrase"),
            hint=_("It signs what you record. Nobody else knows it."),
        ),
        form_field(form, "secret_again", _("Yours again"), on_submit=create),
        _foot(model, "create", _("Begin"), create, is_busy=form.is_busy),
    )


def _joining(model: FirstStart) -> ft.Control:
    form = model.joining
    join = on_press(model.join)

    begun = []
    if model.is_unfinished:
        sentence = _("This computer has begun to join, and nothing has come yet. Go on here.")
        begun = [notice("unfinished", sentence, Tone.INFO)]
    database = [] if model.is_unfinished else _database_fields(form)
    parts: list[ft.Control] = [
        text(_("Join the server of a dairy"), TITLE, family=SEMIBOLD),
        *begun,
        *problem_of(form),
        *join_fields(form, model.read_code, autofocus=True),
        *database,
        form_field(
            form,
            "secret",
            _("Your personal passphrase"),
            hint=_("It signs what you record. Nobody else knows it."),
        ),
        form_field(form, "secret_again", _("Yours again"), on_submit=join),
    ]
    if model.progress is not None:
        parts.append(named("progress", ft.ProgressBar(value=model.progress or None)))
        parts.append(muted(_("What the server knows is coming in."), BODY))
    parts.append(_foot(model, "join", _("Join"), join, is_busy=form.is_busy))
    return centred(*parts)


def _database_fields(form: Form) -> list[ft.Control]:
    return [
        form_field(
            form,
            "passphrase",
            _("Passphrase of the database"),
            hint=_("It encrypts everything. Three or four words that have nothing in common."),
        ),
        form_field(form, "passphrase_again", _("The same again")),
    ]


def _restoration(model: FirstStart) -> ft.Control:
    form = model.restoration
    restore = on_press(model.restore)
    return centred(
        text(_("Bring back a backup"), TITLE, family=SEMIBOLD),
        *problem_of(form),
        form_field(
            form,
            "source",
            _("File of the backup"),
            hint=_("Its key file, which ends in .key, lies beside it."),
            autofocus=True,
        ),
        form_field(form, "passphrase", _("Passphrase of the database")),
        form_field(
            form,
            "person",
            _("Your name"),
            hint=_("Only where there is more than one administrator."),
            on_submit=restore,
        ),
        _foot(model, "restore", _("Bring it back"), restore, is_busy=form.is_busy),
    )


def _foot(
    model: FirstStart, identifier: str, label: str, work: object, *, is_busy: bool
) -> ft.Control:
    done = button(
        identifier,
        _("One moment…") if is_busy else label,
        None if is_busy else work,  # type: ignore[arg-type]  # a handler
        primary=True,
    )
    return ft.Row(
        [link("back", _("Back"), on_press(model.choose, None)), ft.Container(expand=True), done]
    )


def _recovery_key(model: FirstStart) -> ft.Control:
    shown = ft.Container(
        ft.Text(
            model.recovery_key,
            selectable=True,
            style=ft.TextStyle(size=18, font_family=MEDIUM, height=1.6, letter_spacing=0),
        ),
        bgcolor=ft.Colors.SURFACE_CONTAINER,
        border_radius=M,
        padding=L,
    )
    return centred(
        text(_("Write your recovery key down"), TITLE, family=SEMIBOLD),
        notice(
            "shown-once",
            _("It is shown once. If this computer is lost, only it lets you act again."),
            Tone.WARN,
        ),
        named("recovery-key", shown),
        muted(_("On paper, in a drawer that locks; not on this computer."), BODY),
        button("written-down", _("It is written down"), on_press(model.written_down), primary=True),
    )
