"""How deeply stored JSON may be nested: a bound of its own, the same for every reader.

Python reads as deeply as its stack has room for, which depends on who called. Bytes near that limit
would be read by the server and not by a device, which would stop there. So nobody reads what is
nested beyond this bound.
"""

import re

import msgspec

MOST_NESTED = 32
"""Events and commands have six levels at most."""

_OTHERS = bytes(set(range(256)) - set(b"[]{}"))
_TOKENS = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)


class TooDeep(msgspec.DecodeError):
    """The JSON is nested more deeply than any event or command."""


def must_be_shallow(content: bytes) -> None:
    """Raises ``TooDeep``. What is no JSON is somebody else's to refuse."""
    if content.count(b"{") + content.count(b"[") <= MOST_NESTED:
        return
    if not _folds(content) and _depth(content) > MOST_NESTED:
        raise TooDeep(f"nested in more than {MOST_NESTED} levels")


def _folds(content: bytes) -> bool:
    """Whether nothing is left once the innermost level is taken away as often as there may be
    levels. Quick; what is in a text may make it False.
    """
    brackets = content.translate(None, _OTHERS)
    for _ in range(MOST_NESTED):
        left = brackets.replace(b"[]", b"").replace(b"{}", b"")
        if len(left) == len(brackets):
            break
        brackets = left
    return not brackets


def _depth(content: bytes) -> int:
    depth = deepest = 0
    for token in _TOKENS.finditer(content):
        sign = token[0]
        if sign in (b"{", b"["):
            depth += 1
            deepest = max(deepest, depth)
            if deepest > MOST_NESTED:
                break
        elif sign in (b"}", b"]"):
            depth -= 1
    return deepest
