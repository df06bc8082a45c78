"""Files between the person and the screens: chosen from their disk, and saved to it.

The content travels, and no path does, so that a window and a browser are served in one way.
"""

from collections.abc import Sequence

import flet as ft
from attrs import field, frozen


@frozen(kw_only=True)
class PickedFile:
    """A file that somebody chose."""

    name: str
    content: bytes = field(repr=False)


async def pick_file(title: str, extensions: Sequence[str] = ()) -> PickedFile | None:
    """The file that the person chooses; None where they choose none. ``extensions``: without a
    point; empty for any file.
    """
    kind = ft.FilePickerFileType.CUSTOM if extensions else ft.FilePickerFileType.ANY
    picked = await ft.FilePicker().pick_files(
        dialog_title=title,
        file_type=kind,
        allowed_extensions=list(extensions) or None,
        with_data=True,
        cancel_upload_on_window_blur=False,  # a slow disk is not a changed mind
    )
    if not picked:
        return None
    return PickedFile(name=picked[0].name, content=picked[0].bytes or b"")


async def save_file(title: str, name: str, content: bytes) -> None:
    """Let the person save that content, under that name unless they choose another."""
    await ft.FilePicker().save_file(dialog_title=title, file_name=name, src_bytes=content)
