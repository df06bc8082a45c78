"""Names and codes compared as people read them: case, spelling and spaces make no difference.

``Hélène``, ``HÉLÈNE`` and ``Hélène`` in decomposed letters are one name, ``LAIT  1`` and ``lait 1``
one code. Accents, hyphens and the rest of the punctuation still tell two names apart.
"""

import re
from functools import lru_cache
from unicodedata import category, normalize

INVISIBLE = "Cf"
"""The Unicode category of soft hyphens, zero-width spaces, marks of direction, byte order marks."""

COMMANDING = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Signs that nobody writes: orders to a terminal, and those that turn the direction of reading, by
which one name looks like another. Marks of direction, which Arabic needs, are none of them.
"""


@lru_cache(1_024)  # one command asks several times for the key of its code
def comparison_key(name: str) -> str:
    """The text that is equal for two names when they are the same name, and empty for a blank one.

    Compatibility caseless matching (Unicode Standard, section 3.13, D146), composed (NFKC), without
    invisible characters, every run of white space one space, none at the ends. Comparing a key with
    a key gives the same answer as comparing the names.
    """
    if name.isascii():
        return " ".join(name.casefold().split())
    decomposed = normalize("NFKD", normalize("NFD", name).casefold())
    folded = normalize("NFKC", normalize("NFKD", decomposed.casefold()))
    visible = "".join(letter for letter in folded if category(letter) != INVISIBLE)
    return " ".join(normalize("NFKC", visible).split())


def is_same_name(one: str, other: str) -> bool:
    """Whether people read the two as one name."""
    return comparison_key(one) == comparison_key(other)


def visible(text: str) -> str:
    """The text without white space at its ends; empty where nothing of it can be seen."""
    return text.strip() if comparison_key(text) else ""
