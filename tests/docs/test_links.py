"""A reader who follows a link arrives, and every page can be reached from the index."""

import re
from pathlib import Path

import pytest

from tests.docs.pages import FENCE, ROOT, name, pages

LINK = re.compile(r"(?<!!)\[[^\]]+\](?:\((?P<inline>[^)\s]+)\)|: (?P<reference>\S+))")
HEADING = re.compile(r"^#+ (?P<title>.+)$", re.MULTILINE)
INDEX = ROOT / "docs" / "README.md"


def links(page: Path) -> list[str]:
    text = FENCE.sub("", page.read_text("utf-8"))
    found = [link["inline"] or link["reference"] for link in LINK.finditer(text)]
    return [target for target in found if not target.startswith(("https://", "http://"))]


def anchors(page: Path) -> set[str]:
    """The names that a forge gives to headings: lower case, no punctuation, hyphens for spaces."""
    text = FENCE.sub("", page.read_text("utf-8"))
    titles = [heading["title"] for heading in HEADING.finditer(text)]
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", pages(), ids=name)
def test_every_link_arrives(page: Path) -> None:
    for link in links(page):
        target, _, anchor = link.partition("#")
        arrived = (page.parent / target).resolve() if target else page
        assert arrived.exists(), f"{name(page)} points to {link}"
        assert not anchor or anchor in anchors(arrived), f"{name(page)} points to {link}"


def test_every_page_is_in_the_index() -> None:
    listed = {(INDEX.parent / link.partition("#")[0]).resolve() for link in links(INDEX)}
    assert [name(page) for page in (ROOT / "docs").rglob("*.md") if page not in listed] == [
        name(INDEX)
    ]
