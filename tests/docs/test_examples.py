"""What a page shows is what happens: its code runs from top to bottom, and prints what it says."""

import ast
from pathlib import Path

import pytest

import manchengo
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


# To add a version of an event is to change the core, which an embedder never does.
INSIDE_THE_CORE = {
    ROOT / "docs/how-to/add-an-event-version.md": {"manchengo.codec", "manchengo.schemas"}
}


@pytest.mark.parametrize("page", WITH_CODE, ids=name)
def test_a_page_takes_all_of_the_core_from_its_top(page: Path) -> None:
    code = "\n".join(step.block.code for step in steps(page))
    taken = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.ImportFrom)]
    inside = {node.module or "" for node in taken if (node.module or "").startswith("manchengo.")}
    assert inside == INSIDE_THE_CORE.get(page, set())
    named = {each.name for node in taken if node.module == "manchengo" for each in node.names}
    assert named <= set(manchengo.__all__)


def test_the_tutorial_is_among_them() -> None:
    assert ROOT / "docs/tutorial/a-day-at-the-dairy.md" in WITH_CODE
