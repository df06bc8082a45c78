"""What phones do not have, no packager for phones may be asked to find."""

from importlib.metadata import requires

import pytest
from packaging.requirements import Requirement

MACHINES = [
    ("linux", "Linux", False),
    ("darwin", "Darwin", False),
    ("win32", "Windows", False),
    ("android", "Android", True),  # Python 3.13 on the phone itself
    ("ios", "iOS", True),
    ("linux", "Android", True),  # packaging for the phone, on a desktop
    ("darwin", "iOS", True),
]


@pytest.mark.parametrize(("sys_platform", "platform_system", "is_phone"), MACHINES)
@pytest.mark.parametrize(
    ("package", "needed", "on_phones"),
    [
        ("manchengo-sqlite", "sqlcipher3", False),
        ("manchengo-qr", "zxing-cpp", False),
        ("manchengo-qr", "pyzbar", True),
    ],
)
def test_a_package_is_asked_for_where_it_exists(
    package: str,
    needed: str,
    on_phones: bool,
    sys_platform: str,
    platform_system: str,
    is_phone: bool,
) -> None:
    (asked,) = (
        requirement
        for requirement in map(Requirement, requires(package) or [])
        if requirement.name == needed
    )
    assert asked.marker is not None
    machine = {"sys_platform": sys_platform, "platform_system": platform_system}
    assert asked.marker.evaluate(machine) is (is_phone is on_phones)
