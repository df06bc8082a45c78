"""The glossary gives the word that the operator really reads."""

import pytest

from manchengo_presenters import words
from manchengo_presenters.language import _, current, use
from tests.docs.pages import ROOT

GLOSSARY = (ROOT / "docs/reference/glossary.md").read_text("utf-8")


@pytest.mark.parametrize("table", ["KINDS", "LOT_STATUSES", "MOVEMENTS", "ROLES"])
def test_the_glossary_has_every_word_that_screens_use(table: str) -> None:
    before = current()
    use("fr")
    french = {name: _(english) for name, english in getattr(words, table).items()}
    use(before)
    assert {name: word for name, word in french.items() if word not in GLOSSARY} == {}
