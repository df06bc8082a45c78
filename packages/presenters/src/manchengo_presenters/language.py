"""One source sentence in English, one reader's sentence in French, chosen when it is said.

A msgid is the English sentence itself; ``locale/<language>/LC_MESSAGES/manchengo.mo`` holds what
the reader gets. The language is looked up each time a sentence is asked for, never when a module
is imported, so that ``use("en")`` turns everything at once.

The functions keep gettext's own names, which every translator and extraction tool knows:

* ``_("Lot {code} is blocked.").format(code=code)``: translate, then fill in;
* ``ngettext("{count} lot", "{count} lots", count).format(count=count)``: the number decides;
* ``N_("Milk")``: mark a sentence that a table holds, and translate it later with ``_(table[key])``.

An f-string cannot be translated: its text changes before the catalogue sees it.
"""

import io
import os
import pkgutil
from functools import cache
from gettext import GNUTranslations, NullTranslations

DEFAULT = "fr"
LANGUAGES = ("fr", "en")

_chosen: str | None = None


def use(language: str) -> None:
    """Say everything in this language from now on; French when it is not one of ``LANGUAGES``.

    A system's own spelling will do: ``en_GB.UTF-8`` is ``en``.
    """
    global _chosen
    short = language.strip().lower()[:2]
    _chosen = short if short in LANGUAGES else DEFAULT


def current() -> str:
    """The language in use: the last ``use``, or ``MANCHENGO_LANG``, or French."""
    if _chosen is None:
        use(os.environ.get("MANCHENGO_LANG", DEFAULT))
    return _chosen or DEFAULT


def _(sentence: str) -> str:
    """The sentence as the reader reads it, its placeholders untouched."""
    return _catalogue(current()).gettext(sentence)


def ngettext(one: str, many: str, count: int) -> str:
    """The form that ``count`` calls for: French says 0 and 1 alike, English sets 1 apart."""
    return _catalogue(current()).ngettext(one, many, count)


def N_(sentence: str) -> str:  # noqa: N802 - the name by which extraction tools know it
    """The same sentence, marked for the catalogue and translated later."""
    return sentence


@cache
def _catalogue(language: str) -> NullTranslations:
    if language == "en":  # the source sentences are English already
        return NullTranslations()
    compiled = pkgutil.get_data(__package__, f"locale/{language}/LC_MESSAGES/manchengo.mo")
    assert compiled is not None, "the package's loader gives its files"
    return GNUTranslations(io.BytesIO(compiled))
