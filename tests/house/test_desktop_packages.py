"""An installer of the desktop has every package of ours: what builds it knows no workspace."""

import re
import tomllib
from pathlib import Path
from typing import Any

from tests.house.sources import ROOT

DESKTOP = ROOT / "apps/desktop"


def project(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "pyproject.toml").read_text())


def ours() -> dict[str, Path]:
    """The folder of each package of the workspace, by its name."""
    members = project(ROOT)["tool"]["uv"]["workspace"]["members"]
    folders = [each for member in members for each in ROOT.glob(member) if each.is_dir()]
    return {project(each)["project"]["name"]: each for each in folders}


def asked_for(folder: Path) -> set[str]:
    """The packages of the workspace that this one asks for itself."""
    named = (
        re.match(r"[A-Za-z0-9-]+", each) for each in project(folder)["project"]["dependencies"]
    )
    return {each[0] for each in named if each} & set(ours())


def needed(folder: Path) -> set[str]:
    """Those that it asks for, and those that they ask for."""
    folders, found, waiting = ours(), set[str](), asked_for(folder)
    while waiting:
        each = waiting.pop()
        found.add(each)
        waiting |= asked_for(folders[each]) - found
    return found


def test_the_desktop_asks_for_every_package_that_it_takes() -> None:
    assert asked_for(DESKTOP) == needed(DESKTOP)


def test_every_package_is_built_from_here() -> None:
    places = project(DESKTOP)["tool"]["flet"]["dev_packages"]
    found = {name: (DESKTOP / place).resolve() for name, place in places.items()}
    folders = ours()
    assert found == {name: folders[name].resolve() for name in needed(DESKTOP)}


def test_what_is_built_begins_where_the_command_does() -> None:
    app = project(DESKTOP)["tool"]["flet"]["app"]
    assert (DESKTOP / app["path"] / f"{app['module']}.py").is_file()
