"""What the server tells of the other devices makes a recall as complete as it is, no more."""

import re
from typing import Any

from tests.cli.conftest import DAY
from tests.cli.running import asked, done, one_line
from tests.cli.test_sync import Site, site  # noqa: F401 - the fixture


def telephone(lot: str) -> dict[str, Any]:
    (device,) = asked("recall", lot, "--simulate")["completeness"]["devices"]
    assert device["device"] == "telephone"
    return dict(device)


def test_a_telephone_that_has_nothing_to_record_is_heard_all_the_same(site: Site) -> None:  # noqa: F811
    site.joins()
    done("receive", "LAIT", "10", "--supplier", "F001", "--code", "L9", "--on", DAY)
    done("sync")
    assert (telephone("L9")["reached"], telephone("L9")["silent"]) == (False, False)
    site.on_phone("sync")  # it has the lot now, and may use it
    done("sync")
    assert (telephone("L9")["reached"], telephone("L9")["silent"]) == (True, True)
    output = one_line(done("recall", "L9", "--simulate").out)
    assert re.search(r"sauf telephone, muet depuis \d+ minutes?\.", output)
    site.on_phone("sync")
    done("sync")
    assert (telephone("L9")["heard_since"], telephone("L9")["silent"]) == (True, False)
    found = asked("trace", "L9")["completeness"]
    assert found["alone"] is False
    assert found["complete_until"] == min(found["known_until"], telephone("L9")["heard_until"])
    assert "Complet jusqu’au" in one_line(done("trace", "L9").out)


def test_a_telephone_that_is_offline_was_heard_until_then(site: Site) -> None:  # noqa: F811
    site.joins()
    site.on_phone("sync")
    done("sync")
    heard = telephone("L2")["heard_until"]
    done("write-off", "L2", "1", "--reason", "renversé", "--on", DAY)
    done("sync")
    assert telephone("L2")["heard_until"] == heard
    assert asked("trace", "L2")["completeness"]["complete_until"] == heard
