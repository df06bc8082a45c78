"""The fields of a computer that joins a server, wherever it does."""

from collections.abc import Awaitable, Callable

import flet as ft

from manchengo_desktop.components import PICTURES, form_field
from manchengo_flet.controls import link
from manchengo_flet.files import pick_file
from manchengo_flet.keyboard import on_press
from manchengo_presenters.language import _
from manchengo_presenters.screens.form import Form


def join_fields(
    form: Form, read_code: Callable[[bytes, str], Awaitable[None]], *, autofocus: bool = False
) -> list[ft.Control]:
    """The address, the code, which a picture may hold, and the name of the computer.
    ``autofocus``: who came here came to type them.
    """

    async def read_picture() -> None:
        picked = await pick_file(_("A picture of a code"), PICTURES)
        if picked is not None:
            await read_code(picked.content, picked.name)

    return [
        form_field(form, "address", _("Address of the server"), autofocus=autofocus),
        form_field(
            form, "code", _("Code"), hint=_("An administrator makes it, for this computer.")
        ),
        link("read-code", _("From a picture of the code…"), on_press(read_picture)),
        form_field(form, "device", _("Name of this computer"), hint=_("As in: office.")),
    ]
