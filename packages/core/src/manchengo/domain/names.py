"""Names and codes compared as people read them: case, spelling and spaces make no difference.

``Hélène``, ``HÉLÈNE`` and ``Hélène`` in decomposed letters are one name, ``LAIT  1`` and ``lait 1``
one code. Accents, hyphens and the rest of the punctuation still tell two names apart.

A search is less strict than that (``search_key``): nobody types the accents of what they look for.
"""

import re
from functools import lru_cache
from unicodedata import category, decimal, normalize

INVISIBLE = "Cf"
"""The Unicode category of soft hyphens, zero-width spaces, marks of direction, byte order marks."""

COMMANDING = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Signs that nobody writes: orders to a terminal, and those that turn the direction of reading, by
which one name looks like another. Marks of direction, which Arabic needs, are none of them.
"""

MARK = "Mn"
"""The Unicode category of accents and vowel signs, once they stand beside their letter."""

DASH = "Pd"
"""The Unicode category of hyphens and dashes."""

TYPED_AS: dict[str, str] = {
    "œ": "oe",
    "æ": "ae",
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "\N{ARABIC LETTER HAMZA}": "",
    "\N{ARABIC TATWEEL}": "",
    "\N{ARABIC LETTER ALEF WASLA}": "\N{ARABIC LETTER ALEF}",
    "\N{ARABIC LETTER TEH MARBUTA}": "\N{ARABIC LETTER HEH}",
    "\N{ARABIC LETTER ALEF MAKSURA}": "\N{ARABIC LETTER YEH}",
    "\N{ARABIC LETTER FARSI YEH}": "\N{ARABIC LETTER YEH}",
    "\N{ARABIC LETTER KEHEH}": "\N{ARABIC LETTER KAF}",
}
"""What people type in the place of a letter or a sign when they are in a hurry."""

MOST_WORDS = 12
"""So many words of a search count."""


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


@lru_cache(1_024)  # one row is made anew by each command that changes it
def search_key(text: str) -> str:
    """The text as a search compares it: like ``comparison_key``, and accents do not count, nor the
    vowel signs, the hamza and the tatweel of Arabic, nor which of two like letters was typed.
    Arabic digits are those of Europe. A key is its own key.
    """
    key = comparison_key(text)
    if key.isascii():
        return key
    letters = (_as_typed(letter) for letter in normalize("NFKD", key))
    return " ".join("".join(letters).split())


def _as_typed(letter: str) -> str:
    kind = category(letter)
    if kind == MARK:
        return ""
    if kind == DASH:
        return "-"
    return TYPED_AS.get(letter, letter) if (digit := decimal(letter, None)) is None else str(digit)


def search_words(text: str) -> tuple[str, ...]:
    """The words of a search, each once, as keys: what is found contains every one of them."""
    return tuple(dict.fromkeys(search_key(text).split()))[:MOST_WORDS]


def is_same_name(one: str, other: str) -> bool:
    """Whether people read the two as one name."""
    return comparison_key(one) == comparison_key(other)


def visible(text: str) -> str:
    """The text without white space at its ends; empty where nothing of it can be seen."""
    return text.strip() if comparison_key(text) else ""
