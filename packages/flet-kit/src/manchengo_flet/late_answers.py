"""What a client answers for a control that is gone by now.

A call to a control, as to scroll or to take the focus, is answered by the client. Where the person
went elsewhere meanwhile, the control is drawn no longer, and Flet 1.0.5 ends the connection of the
page over the answer: what is pressed next is lost until the client has connected anew.
"""

from collections.abc import Awaitable
from contextlib import suppress
from typing import Any

import flet as ft


def forgive(page: ft.Page) -> None:
    """An answer that nobody waits for any more changes nothing on this page."""
    session = page.session
    handle = session.handle_invoke_method_results

    def handled(*args: Any, **named: Any) -> None:
        with suppress(RuntimeError):
            handle(*args, **named)

    session.handle_invoke_method_results = handled  # type: ignore[method-assign]  # as above


async def unless_gone(call: Awaitable[object]) -> None:
    """The answer to a call is waited for; none comes where the control is gone."""
    with suppress(TimeoutError, RuntimeError):
        await call
