"""A part of a screen that fails says so in its place, and the rest of the screen goes on.

Flet ends the drawing of a whole session, without a word, when a component raises while it is drawn
again.
"""

import functools
import logging
from collections.abc import Callable
from typing import Any, TypeVar

import flet as ft

from manchengo_flet.theme import text

F = TypeVar("F", bound=Callable[..., Any])

log = logging.getLogger(__name__)


def bounded(sentence: Callable[[], str]) -> Callable[[F], F]:
    """A decorator in the place of ``flet.component``. ``sentence``: what is shown for a component
    that fails.
    """

    def component(draw: F) -> F:
        @functools.wraps(draw)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            try:
                return draw(*args, **kwargs)
            except Exception:
                log.exception("the component %s failed", draw.__name__)
                return text(sentence(), color=ft.Colors.ERROR)

        return ft.component(guarded)  # type: ignore[return-value]  # it is called as ``draw`` is

    return component
