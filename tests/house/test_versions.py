"""Everyone runs the same versions: the root pyproject.toml pins each third-party package.

When one of these fails, `python3 dev.py lock` writes the pins anew.
"""

import tomllib
from importlib.metadata import distributions
from typing import Any

from packaging.utils import canonicalize_name

import manchengo
from tests.house.sources import ROOT


def toml(file: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / file).read_text("utf-8"))


PINS: list[str] = toml("pyproject.toml")["tool"]["uv"]["constraint-dependencies"]


def test_the_pins_are_sorted_and_each_package_has_one() -> None:
    names = [pin.partition("==")[0] for pin in PINS]
    assert sorted(PINS) == PINS
    assert len(set(names)) == len(names)


def test_all_that_is_installed_here_is_pinned_at_its_version() -> None:
    installed = {f"{canonicalize_name(each.name)}=={each.version}" for each in distributions()}
    assert {each for each in installed if not each.startswith("manchengo")} <= set(PINS)


def test_the_pins_are_what_all_systems_and_pythons_together_install() -> None:
    packages = toml("uv.lock")["package"]
    foreign = [each for each in packages if not each["source"].keys() & {"editable", "virtual"}]
    assert {f"{each['name']}=={each['version']}" for each in foreign} == set(PINS)


def test_the_library_says_its_version() -> None:
    assert manchengo.__version__ == toml("packages/core/pyproject.toml")["project"]["version"]
