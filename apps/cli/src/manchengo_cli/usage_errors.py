"""A command line that cannot be read, explained: what was not understood, and how it is written.

Typer tells its faults apart by class and by English sentence; its classes are its own, so they are
recognised by their names here.
"""

import re
from typing import Any

from manchengo_cli.exit_codes import MISUSED
from manchengo_cli.explanation import Explanation
from manchengo_presenters.language import N_, _

SENTENCES = (
    (re.compile(r"Got unexpected extra argument(?:\(s\)|s)? \((?P<text>.*)\)"), N_(
        "This is one word too many: {text}. Put a text that has spaces between quotes."
    )),
    (re.compile(r"Option '(?P<text>.*)' requires (?:an argument|.*)\.?"), N_(
        "The option {text} needs a value after it."
    )),
    (re.compile(r"Option '(?P<text>.*)' does not take a value\.?"), N_(
        "The option {text} takes no value."
    )),
    (re.compile(r"Missing command\.?(?P<text>)"), N_("Which command?{text}")),
)  # fmt: skip
"""What Typer says, and what it means."""


def misuse(error: Any) -> Explanation:
    """The explanation of a command line that Typer did not understand."""
    kind = type(error).__name__
    context = getattr(error, "ctx", None)
    usage = context.command.get_usage(context) if context is not None else ""
    if kind == "NoArgsIsHelpError":
        return Explanation(kind, _("Which command?"), MISUSED, usage=str(error))
    facts: dict[str, object] = {"parameter": _parameter(error)} if _parameter(error) else {}
    hint = _("See {command} --help.").format(command=context.command_path) if context else ""
    return Explanation(kind, f"{_message(kind, error)} {hint}".rstrip(), MISUSED, facts, usage)


def _message(kind: str, error: Any) -> str:
    if kind == "MissingParameter":
        return _("{parameter} is missing.").format(parameter=_parameter(error))
    if kind == "NoSuchOption" and re.match(r"-\d", error.option_name):
        return _("Nothing is negative here: write the number without a sign.")
    if kind == "NoSuchOption":
        near = ", ".join(error.possibilities or ())
        unknown = _("There is no option {name}.").format(name=error.option_name)
        hint = _("Did you mean {names}?").format(names=near)
        return f"{unknown} {hint}" if near else unknown
    message: str = error.message
    for pattern, sentence in SENTENCES:
        if found := pattern.fullmatch(message):
            return _(sentence).format(text=found["text"])
    if _parameter(error):
        return _("{parameter}: {message}").format(parameter=_parameter(error), message=message)
    return message


def _parameter(error: Any) -> str:
    """The parameter at fault, as it is typed: ``--on``, or ``PRODUIT``."""
    param = getattr(error, "param", None)
    if param is None:
        return ""
    if param.param_type_name == "argument":
        return _(param.metavar) if param.metavar else str(param.name).upper()
    longest: str = max(param.opts, key=len)
    return longest
