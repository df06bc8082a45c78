"""The house has the rooms that were drawn, and no cupboard for odds and ends."""

from pathlib import Path

import pytest

from tests.house.sources import ROOT, members, modules

AT_THE_ROOT = {
    *("pyproject.toml", "requirements.lock", "dev.py", "README.md", "CHANGELOG.md", "LICENSE"),
    *("packages", "apps", "tests", "docs"),
    "uv.lock",  # left by whoever types `uv sync`, ignored by git, read by nothing here
}
FITS_EVERYTHING = {"base", "common", "helper", "helpers", "manager", "misc", "util", "utils"}


def test_nothing_lies_about_at_the_root() -> None:
    visible = {path.name for path in ROOT.iterdir() if not path.name.startswith((".", "__"))}
    assert visible <= AT_THE_ROOT


@pytest.mark.parametrize("folder", ["packages", "apps", "tests"])
def test_no_module_has_a_name_that_fits_everything(folder: str) -> None:
    vague = [path for path in modules(ROOT / folder) if FITS_EVERYTHING & set(words(path.stem))]
    assert vague == []


def words(name: str) -> list[str]:
    return name.lower().strip("_").split("_")


@pytest.mark.parametrize("member", members(), ids=lambda member: member.name)
def test_every_package_carries_its_types(member: Path) -> None:
    packages = [init.parent for init in member.glob("src/*/__init__.py")]
    assert len(packages) == 1
    assert (packages[0] / "py.typed").is_file()
