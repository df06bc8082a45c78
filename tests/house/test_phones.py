"""A phone has no SQLCipher, so no packager for phones may be asked to find one."""

from importlib.metadata import requires

import pytest
from packaging.requirements import Requirement


@pytest.mark.parametrize(
    ("sys_platform", "platform_system", "asked"),
    [
        ("linux", "Linux", True),
        ("darwin", "Darwin", True),
        ("win32", "Windows", True),
        ("android", "Android", False),  # Python 3.13 on the phone itself
        ("ios", "iOS", False),
        ("linux", "Android", False),  # packaging for the phone, on a desktop
        ("darwin", "iOS", False),
    ],
)
def test_sqlcipher_is_asked_of_desktops_only(
    sys_platform: str, platform_system: str, asked: bool
) -> None:
    (sqlcipher,) = (
        requirement
        for requirement in map(Requirement, requires("manchengo-sqlite") or [])
        if requirement.name == "sqlcipher3"
    )
    assert sqlcipher.marker is not None
    machine = {"sys_platform": sys_platform, "platform_system": platform_system}
    assert sqlcipher.marker.evaluate(machine) is asked
