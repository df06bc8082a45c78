"""A bar for long work, on a terminal only: a file or a program gets the answer alone."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from manchengo_cli.layout import width
from manchengo_cli.session import Session

Step = Callable[[int, int], None]


@contextmanager
def bar(session: Session, title: str) -> Iterator[Step]:
    """``step(done, all)`` moves it; it goes away at the end."""
    if session.json or not sys.stderr.isatty():
        yield lambda _done, _whole: None
        return
    from rich.console import Console  # late: only long work needs it
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    console = Console(stderr=True, width=width())
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=None), TaskProgressColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(title, total=None)
        yield lambda done, whole: progress.update(task, completed=done, total=whole)


@contextmanager
def bar_if_needed(session: Session, title: str) -> Iterator[Step]:
    """As ``bar``, but it appears with the first step: for work that is seldom to be done."""
    with ExitStack() as shown:
        steps: list[Step] = []

        def step(done: int, whole: int) -> None:
            if not steps:
                steps.append(shown.enter_context(bar(session, title)))
            steps[0](done, whole)

        yield step
