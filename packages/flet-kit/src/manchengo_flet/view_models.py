"""A component is drawn again when its view-model changes, whatever thread changed it."""

import asyncio
import contextvars
from collections.abc import Callable
from typing import Protocol

import flet as ft


class Observable(Protocol):
    """What a component draws, and how it hears that it changed."""

    @property
    def version(self) -> int:
        """Another number after each change."""
        ...

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` after each change, in whatever thread; the answer ends that."""
        ...


def use_view_model(model: Observable) -> None:
    """Draw the calling component again after each change of ``model``."""
    _, draw = ft.use_state(model.version)
    ending: ft.MutableRef[Callable[[], None] | None] = ft.use_ref(None)

    def mount() -> None:
        loop, page_context = asyncio.get_running_loop(), contextvars.copy_context()

        def changed() -> None:
            loop.call_soon_threadsafe(lambda: page_context.copy().run(draw, model.version))

        ending.current = model.subscribe(changed)
        draw(model.version)  # it may have changed since it was drawn

    def unmount() -> None:
        if ending.current is not None:
            ending.current()

    ft.use_effect(mount, dependencies=[model], cleanup=unmount)
