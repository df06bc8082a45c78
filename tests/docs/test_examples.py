"""What a page shows is what happens: its code runs from top to bottom, and prints what it says."""

from pathlib import Path

import pytest

from tests.docs.pages import ROOT, follow, name, pages, pasted, steps

README = ROOT / "README.md"
WITH_CODE = [page for page in pages() if steps(page)]


@pytest.mark.parametrize("page", [page for page in WITH_CODE if page != README], ids=name)
def test_the_code_of_a_page_does_what_the_page_says(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for step, printed in follow(page):
        assert printed == step.shown, f"{name(page)}, line {step.block.line}"


# A class with a blank line between its methods goes into a file.
IN_A_FILE = {ROOT / "docs/how-to/write-a-store-adapter.md"}


@pytest.mark.parametrize("page", [page for page in WITH_CODE if page not in IN_A_FILE], ids=name)
def test_a_page_pasted_into_a_prompt_prints_the_same(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for step, printed in pasted(page):
        assert printed == step.shown, f"{name(page)}, line {step.block.line}"


def test_the_tutorial_is_among_them() -> None:
    assert ROOT / "docs/tutorial/a-day-at-the-dairy.md" in WITH_CODE
