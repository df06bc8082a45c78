"""Everyone runs the same versions: the lock pins each third-party package, with its hashes.

When one of these fails, `python3 dev.py lock` writes the lock anew.
"""

import re
import tomllib
from importlib.metadata import distributions

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import dev
import manchengo
from docs.supply_chain import locked
from tests.house.sources import ROOT

LOCK = (ROOT / "requirements.lock").read_text("utf-8")
PACKAGES = locked(LOCK)


def asked() -> list[Requirement]:
    """What every pyproject.toml asks for, tools included."""
    found: list[str] = []
    for file in dev.PROJECTS:
        project = tomllib.loads(file.read_text("utf-8"))
        found += project["project"].get("dependencies", ())
        found += project.get("dependency-groups", {}).get("dev", ())
    return [Requirement(text) for text in found]


def test_all_that_is_installed_here_is_pinned_at_its_version() -> None:
    installed = {canonicalize_name(each.name): each.version for each in distributions()}
    ours = {name for name in installed if name.startswith("manchengo")}
    pinned = {name: package.version for name, package in PACKAGES.items()}
    assert {name: installed[name] for name in installed.keys() - ours}.items() <= pinned.items()


def test_all_that_is_pinned_for_this_system_is_installed() -> None:
    installed = {canonicalize_name(each.name) for each in distributions()}
    needed = {name for name, package in PACKAGES.items() if here(package.marker)}
    assert needed <= installed


def here(marker: str) -> bool:
    return not marker or Requirement(f"a ; {marker}").marker.evaluate()  # type: ignore[union-attr]


def test_what_is_asked_for_is_pinned_at_a_version_that_fits() -> None:
    for wanted in asked():
        if not wanted.name.startswith("manchengo"):
            assert PACKAGES[canonicalize_name(wanted.name)].version in wanted.specifier, wanted


def test_every_pin_has_hashes_and_somebody_who_asks_for_it() -> None:
    assert PACKAGES
    for package in PACKAGES.values():
        assert package.hashes
        assert package.asked_by


def test_the_lock_names_neither_an_address_nor_a_folder() -> None:
    pins = re.sub(r"\([\w/-]*pyproject\.toml(:dev)?\)", "", LOCK)
    assert "/" not in pins
    assert not re.search(r"^-", pins, re.MULTILINE)


def test_the_library_says_its_version() -> None:
    core = tomllib.loads((ROOT / "packages/core/pyproject.toml").read_text("utf-8"))
    assert manchengo.__version__ == core["project"]["version"]
