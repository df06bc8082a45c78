"""A command is checked whole before anything is decided on it: exact types, all the way down.

What a type checker accepts is not always what can be read again once stored: to it a ``datetime``
is a ``date``, and a ``bool`` an ``int``.
"""

import json
from collections.abc import Iterator
from uuid import UUID

from attrs import frozen

from manchengo import codec
from manchengo.application.exact_types import first_mismatch, holds
from manchengo.commands import NEEDS
from manchengo.domain.commit import Commit
from manchengo.domain.errors import Refused
from manchengo.domain.names import COMMANDING

LONGEST_TEXT = 10_000
"""Characters. Whatever is recorded travels to every device and stays: nobody types a book."""


@frozen(kw_only=True)
class NotACommand(Refused):
    """``execute`` takes the classes of ``manchengo.commands``. ``given``: the type that came."""

    given: str


@frozen(kw_only=True)
class WrongType(Refused):
    """A value is not of the type that its field has: it could not be read again once stored.

    ``field``: the way to it from the command, as in ``outputs[1].quantity.unit``.
    """

    command: str
    field: str
    expected: str
    given: str


@frozen(kw_only=True)
class NotWritable(Refused):
    """A text or a number of the command cannot be written down, or would harm who reads it: it is
    longer than ``LONGEST_TEXT``, or gives orders to a terminal. ``why``: in the encoder's words.
    """

    command: str
    why: str


def encoded(command: object) -> bytes:
    """The bytes of a command whose values are of the right types. ``NotACommand``, ``WrongType`` or
    ``NotWritable`` otherwise.
    """
    kind = type(command)
    if kind not in NEEDS:
        raise NotACommand(given=kind.__name__)
    name = codec.commands.name(command)
    _check(kind, command, name)
    try:
        content = codec.commands.encode_readable(command)
    except (ValueError, OverflowError) as error:
        raise NotWritable(command=name, why=str(error)) from error
    if not _is_plain(content):
        _check_texts(name, content)
    return content


def _is_plain(content: bytes) -> bool:
    """Whether no text in there can be wrong. Asked of every command, so it is quick."""
    if len(content) > LONGEST_TEXT:
        return False
    if b"\\u00" in content or b"\\b" in content or b"\\f" in content:
        return False  # as the encoder spells the signs below the space; it leaves all others be
    if content.isascii():
        return _DELETE not in content
    return not COMMANDING.search(content.decode())


_DELETE = b"\x7f"


def check_lengths(command: str, content: bytes) -> None:
    """``NotWritable`` where a text of a recorded command is longer than ``LONGEST_TEXT``: a program
    that was altered records it, and it may stand in as many events as the command brings about.
    """
    if len(content) > LONGEST_TEXT:
        for field, text in _texts(json.loads(content), ""):
            _check_length(command, field, text)


def _check_length(command: str, field: str, text: str) -> None:
    if len(text) > LONGEST_TEXT:
        raise NotWritable(command=command, why=f"{field}: {len(text)} characters")


def _check_texts(command: str, content: bytes) -> None:
    for field, text in _texts(json.loads(content), ""):
        _check_length(command, field, text)
        if found := COMMANDING.search(text):
            raise NotWritable(command=command, why=f"{field}: U+{ord(found[0]):04X}")


def _texts(value: object, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from _texts(each, f"{at}.{name}" if at else name)
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _texts(each, f"{at}[{number}]")


def check_id(command: str, command_id: object) -> None:
    """``WrongType`` unless that is an identifier."""
    if type(command_id) is not UUID:
        given = type(command_id).__name__
        raise WrongType(command=command, field="command_id", expected="UUID", given=given)


def check_commit(commit: Commit) -> None:
    """Checks what is not of the command: the values of the clock, the ids and the actor."""
    _check(Commit, commit, commit.command_type)


def _check(kind: type, value: object, command: str) -> None:
    if not holds(kind, value):
        found = first_mismatch(kind, value)
        raise WrongType(
            command=command, field=found.path, expected=found.expected, given=found.given
        )


def stored_name(command: object) -> str:
    """The stored name of a command; of anything else, the name of its type."""
    kind = type(command)
    return codec.commands.name(command) if kind in NEEDS else kind.__name__
