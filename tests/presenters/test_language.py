"""The reader's language is chosen when a sentence is said, French unless asked otherwise."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from manchengo_presenters import language
from manchengo_presenters.language import N_, _, ngettext


@pytest.fixture(autouse=True)
def nothing_chosen_yet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("MANCHENGO_LANG", raising=False)
    monkeypatch.setattr(language, "_chosen", None)
    yield
    language.use("fr")


def test_the_reader_is_told_in_french() -> None:
    assert (language.current(), _("yesterday")) == ("fr", "hier")


def test_a_developer_may_ask_for_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MANCHENGO_LANG", "en_GB.UTF-8")
    assert (language.current(), _("yesterday")) == ("en", "yesterday")


@pytest.mark.parametrize("asked", ["de", "", "klingon", "ar"])
def test_an_unknown_language_is_french(monkeypatch: pytest.MonkeyPatch, asked: str) -> None:
    monkeypatch.setenv("MANCHENGO_LANG", asked)
    assert _("yesterday") == "hier"


def test_changing_the_language_changes_what_was_imported_already() -> None:
    language.use("en")
    assert _("just now") == "just now"
    language.use("FR")
    assert _("just now") == "à l’instant"


def test_french_counts_zero_with_one_and_english_does_not() -> None:
    forms = ("in {count} day", "in {count} days")
    assert [ngettext(*forms, count) for count in (0, 1, 2)] == [
        *("dans {count} jour", "dans {count} jour", "dans {count} jours")
    ]
    language.use("en")
    assert [ngettext(*forms, count) for count in (0, 1, 2)] == [forms[1], forms[0], forms[1]]


def test_a_sentence_that_nobody_translated_is_said_in_english() -> None:
    assert _("no such sentence") == "no such sentence"


def test_marking_a_sentence_leaves_it_as_it_is() -> None:
    assert N_("yesterday") == "yesterday"


def test_speaking_loads_no_translation_tool() -> None:
    heavy = {"babel", "importlib.resources", "pydantic", "typer", "flet", "sqlalchemy"}
    story = (
        "import sys; from manchengo_presenters import formatting, language; language._('today');"
        f"print(sorted({heavy!r} & set(sys.modules)))"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    ran = subprocess.run(
        [sys.executable, "-S", "-c", story],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == "[]"
