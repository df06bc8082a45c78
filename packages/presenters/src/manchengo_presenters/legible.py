"""Text that a terminal or a page only shows: signs that would drive it are written out instead.

A name comes from another device or a stranger's file. On a terminal ESC, BEL and their like are
orders, and marks that turn the direction of reading make one name look like another. What was
recorded before such signs were refused, or by a device that means harm, is shown all the same.
"""

import re

COMMANDING = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""As in ``manchengo.domain.names``, which a page of help need not load; a test compares the two."""

LONGEST = 2_000
"""Characters of one cell. Nobody reads more in a table; the rest is in the JSON."""

BREAKS = re.compile("[\r\n\t\u2028\u2029]+")


def legible(text: str) -> str:
    """Every sign that commands written as ``<U+001B>``; line breaks and tabs stay."""
    plain = text.replace("\r", "\n") if "\r" in text else text
    return COMMANDING.sub(lambda found: f"<U+{ord(found[0]):04X}>", plain)


def in_one_line(text: str) -> str:
    """As ``legible``, on one line and no longer than anybody reads."""
    if text.isprintable() and len(text) <= LONGEST:
        return text
    line = BREAKS.sub(" ", text)
    return legible(line if len(line) <= LONGEST else f"{line[:LONGEST]}…")


def legible_json(text: str) -> str:
    """The same JSON, whose strings a terminal shows without obeying them."""
    return COMMANDING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
