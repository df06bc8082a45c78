"""The database is opened, and a person signs in: also over a screen that was locked."""

import flet as ft

from manchengo_desktop.components import component, form_field, problem_of
from manchengo_desktop.views.first_start import centred
from manchengo_flet.controls import button, link, named, notice
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, MEDIUM, RADIUS, SEMIBOLD, TITLE, M, S, Tone, muted, text
from manchengo_flet.view_models import use_view_model
from manchengo_presenters.language import _
from manchengo_presenters.screens.office import Person
from manchengo_presenters.screens.shell import Shell
from manchengo_presenters.screens.sign_in import OpenDatabase, SignIn


@component
def open_database(model: OpenDatabase) -> ft.Control:
    """The passphrase of the database."""
    use_view_model(model)
    submit = on_press(model.submit)
    return centred(
        text("Manchengo", TITLE, family=SEMIBOLD),
        muted(_("The database of this computer is encrypted."), BODY),
        *problem_of(model),
        form_field(
            model,
            "passphrase",
            _("Passphrase of the database"),
            autofocus=True,
            on_submit=submit,
        ),
        button(
            "open",
            _("One moment…") if model.is_busy else _("Open the database"),
            None if model.is_busy else submit,
            primary=True,
        ),
    )


@component
def sign_in(shell: Shell) -> ft.Control:
    """Who sits here, and their passphrase or PIN."""
    model = shell.sign_in
    use_view_model(shell)
    use_view_model(model)
    if model.is_with_code:
        return with_code(model)
    submit = on_press(model.submit)
    waiting = [notice("waiting", model.wait_sentence, Tone.WARN)] if model.waiting else []
    locked = shell.workspace is not None
    subtitle = _("Locked. What you typed is still there.") if locked else _("Who sits here?")
    return centred(
        text(shell.dairy_name or "Manchengo", TITLE, family=SEMIBOLD),
        muted(subtitle, BODY),
        *([notice("why", model.why, Tone.INFO)] if model.why else []),
        *problem_of(model),
        ft.Row([_person(each, model) for each in model.people], wrap=True, spacing=M),
        *([muted(model.errors["person"], BODY)] if "person" in model.errors else []),
        form_field(model, "secret", model.secret_label, autofocus=True, on_submit=submit),
        *waiting,
        button(
            "enter",
            _("One moment…") if model.is_busy else _("Sign in"),
            None if model.is_busy else submit,
            primary=True,
        ),
        link("with-code", _("I have a code or a recovery key"), on_press(model.use_code, True)),
    )


@component
def with_code(model: SignIn) -> ft.Control:
    """Somebody begins to sign here, with a code that they were given."""
    form = model.with_code
    use_view_model(form)
    submit = on_press(form.submit)
    back = [link("back", _("Back"), on_press(model.use_code, False))] if model.people else []
    return centred(
        text(_("Begin to sign here"), TITLE, family=SEMIBOLD),
        muted(_("With the code that an administrator gave you, or your recovery key."), BODY),
        *problem_of(form),
        form_field(form, "code_person", _("Your name"), autofocus=True),
        form_field(form, "code", _("Code or recovery key")),
        form_field(form, "new_secret", _("Your personal passphrase")),
        form_field(form, "new_secret_again", _("Yours again"), on_submit=submit),
        ft.Row(
            [
                *back,
                ft.Container(expand=True),
                button(
                    "begin-with-code",
                    _("One moment…") if form.is_busy else _("Begin to sign"),
                    None if form.is_busy else submit,
                    primary=True,
                ),
            ]
        ),
    )


def _person(person: Person, model: SignIn) -> ft.Control:
    is_chosen = model.values["person"] == person.name
    color = ft.Colors.ON_PRIMARY_CONTAINER if is_chosen else ft.Colors.ON_SURFACE
    icon = ft.Icons.RADIO_BUTTON_CHECKED if is_chosen else ft.Icons.RADIO_BUTTON_UNCHECKED
    return named(
        f"person-{person.name}",
        ft.TextButton(
            content=ft.Row(
                [
                    ft.Icon(icon, size=18, color=color),
                    text(person.name, family=MEDIUM, color=color),
                ],
                spacing=M,
                tight=True,
            ),
            on_click=on_press(model.choose, person.name),
            style=ft.ButtonStyle(
                bgcolor=ft.Colors.PRIMARY_CONTAINER if is_chosen else ft.Colors.TRANSPARENT,
                side=ft.BorderSide(1, ft.Colors.OUTLINE),
                shape=ft.RoundedRectangleBorder(radius=RADIUS),
                padding=ft.Padding.symmetric(horizontal=M + S, vertical=M),
            ),
        ),
    )
