"""A command line or a setting that is not right, explained: what was not understood, and what is.

Both tell their faults in English: argparse by sentence, pydantic by kind. What a setting held is
never shown, since the address of a database may hold a password.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from manchengo_presenters.language import N_, _
from manchengo_server.failures import MISUSED, Failure, failure

SENTENCES = (
    (re.compile(r"argument (?P<name>.+): invalid int value: '(?P<text>.*)'"), N_(
        "{name} takes a whole number, and “{text}” is none."
    )),
    (re.compile(r"the following arguments are required: (?P<parameter>.+)"), N_(
        "{parameter} is missing."
    )),
    (re.compile(r"argument (?P<text>\S+?)(?:/.*)?: expected .*"), N_(
        "The option {text} needs a value after it."
    )),
    (re.compile(r"argument \S+: invalid choice: '(?P<name>.*?)'.*"), N_(
        "There is no command “{name}”."
    )),
    (re.compile(r"one of the arguments (?P<first>\S+) (?P<second>\S+) is required"), N_(
        "Give {first} or {second}."
    )),
    (re.compile(r"argument (?P<first>\S+): not allowed with argument (?P<second>\S+)"), N_(
        "Give {first} or {second}, not both."
    )),
    (re.compile(r"unrecognized arguments: (?P<words>.+)"), N_("This is too much: {words}.")),
)  # fmt: skip
"""What argparse says, and what it means."""

TAKES = {
    "int_parsing": N_("a whole number"),
    "float_parsing": N_("a number"),
    "finite_number": N_("a number"),
    "greater_than": N_("a number above {gt}"),
    "greater_than_equal": N_("a number that is {ge} at least"),
    "less_than_equal": N_("a number that is {le} at most"),
}
"""By pydantic's kind of error: the values that are valid."""

OF_HOST = N_("the name or the address of this computer, such as 127.0.0.1, ::1 or 0.0.0.0")

OPTIONS = ("host", "port", "workers")
"""The settings that the command line may give as well."""


def not_understood(message: str, program: str) -> Failure:
    """The failure for what argparse refused: its explanation, and a hint at ``--help``."""
    hint = _("See {command} --help.").format(command=program)
    for pattern, sentence in SENTENCES:
        if found := pattern.fullmatch(message):
            explanation = _(sentence).format(**found.groupdict())
            return Failure("Misused", f"{explanation} {hint}", exit_code=MISUSED)
    explanation = _("The command line is not understood.")
    return Failure("Misused", f"{explanation} {hint}", exit_code=MISUSED)


def not_right(faults: Sequence[Mapping[str, Any]]) -> Failure:
    """The settings that pydantic refused, each with what it takes."""
    if any(_name(each) == "database" for each in faults):
        return failure("BadAddress")
    return Failure("BadSettings", " ".join(_said(faults)), exit_code=MISUSED)


def _said(faults: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for each in faults:
        name = _name(each)
        taken = OF_HOST if name == "host" else TAKES.get(each["type"], N_("another value"))
        variable = f"MANCHENGO_{name.upper()}"
        yield _("The setting {setting} takes {taken}. Correct it, then start again.").format(
            setting=f"--{name} ({variable})" if name in OPTIONS else variable,
            taken=_(taken).format(**each.get("ctx", {})),
        )


def _name(fault: Mapping[str, Any]) -> str:
    name = str(fault["loc"][0]).lower().removeprefix("manchengo_")
    return "database" if name == "database_url" else name
