"""``--install-completion`` and ``--show-completion`` in the operator's language.

Typer finds out which shell it runs in and writes the files; what it would say in English is kept
from the screen, and said here.
"""

import io
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

import typer

from manchengo_cli.layout import wrapped
from manchengo_presenters.language import N_, _
from manchengo_workplace.failures import Failure


def in_french(param: Any) -> None:
    """Where the parameter is one of these two, what it does speaks French."""
    if param.name == "install_completion":
        param.callback = _install
    elif param.name == "show_completion":
        param.callback = _shown_by(param.callback)


def _install(ctx: typer.Context, _param: Any, value: object) -> object:
    if not value or ctx.resilient_parsing:
        return value
    from typer import completion  # late: it looks for the shell

    try:
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            shell, path = completion.install()  # type: ignore[attr-defined] # where Typer 0.29 has it
    except typer.Exit:
        raise _no_shell() from None
    message = _(
        "Completion for {shell} is installed in {path}. Open a new terminal: the tab key then "
        "offers commands, products, lots, suppliers and clients."
    ).format(shell=shell, path=path)
    print("\n".join(wrapped(message)))
    raise typer.Exit


def _shown_by(show: Any) -> Any:
    def shown(ctx: typer.Context, param: Any, value: object) -> object:
        try:
            with redirect_stderr(io.StringIO()):
                return show(ctx, param, value)
        except typer.Exit:
            raise _no_shell() from None

    return shown


def _no_shell() -> Failure:
    return Failure(
        "ShellNotKnown",
        N_(
            "The shell that runs here is not known. Completion exists for bash, zsh, fish and "
            "PowerShell: start the command again from one of them."
        ),
        {},
    )
