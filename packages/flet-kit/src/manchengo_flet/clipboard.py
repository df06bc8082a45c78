"""What the person can paste elsewhere."""

import flet as ft


async def copy(text: str) -> None:
    """From now on that is what they paste."""
    await ft.Clipboard().set(text)
