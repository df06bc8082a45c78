"""Two devices record apart, a real server judges, and somebody decides in a browser."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from manchengo import MemoryStore, SystemClock, Uuid7Ids
from manchengo_server.service import Service
from tests.cli.conftest import DAY, alone, dairy, dairy_file
from tests.cli.running import asked, done
from tests.cli.test_sync import PLANT, Site
from tests.screens.working import sign_in
from tests.support.browser import Screens, browsing, chromium, served
from tests.support.server import served as server_of
from tests.support.signed_in import PASSPHRASE

__all__ = ["alone", "dairy", "dairy_file"]


@pytest.fixture
def site(dairy: Path) -> Iterator[Site]:
    service = Service.found(MemoryStore(), PLANT, clock=SystemClock(), ids=Uuid7Ids())
    with server_of(service) as at:
        yield Site(service, at.url, dairy, dairy.with_name("telephone.db"))


@pytest.mark.campaign
@pytest.mark.skipif(
    chromium() is None and not os.environ.get("CI"), reason="there is no Chromium here"
)
def test_a_conflict_with_a_telephone_is_decided_on(site: Site, tmp_path: Path) -> None:
    site.joins()
    done("write-off", "L2", "400", "--reason", "cuve percée", "--on", DAY)
    site.on_phone("write-off", "L2", "150", "--reason", "renversé", "--on", DAY)
    for _ in range(2):
        done("sync")
        site.on_phone("sync")

    # A loop of the browser goes on while there is one, so commands come before and after it.
    surroundings = {"MANCHENGO_DB": str(site.office), "XDG_RUNTIME_DIR": str(tmp_path)}
    with browsing() as browser, served(environment=surroundings) as url:
        screens = Screens(browser, url)
        sign_in(screens, PASSPHRASE)
        screens.go("conflicts")
        item = screens.code_of_first("conflict-")
        screens.press(f"conflict-{item}")
        screens.see("why", "Il n’y a pas assez dans le lot L2")
        screens.see("here", "150\u00a0L")
        screens.see("before", "400\u00a0L")
        screens.press("way-void")
        screens.press("decide")
        screens.see("reason", "remplir")
        screens.type("reason", "compté deux fois")
        screens.press("decide")
        screens.see("closed", "compté deux fois")
        screens.press("back")
        screens.gone(f"conflict-{item}")
        screens.close()

    done("sync")
    site.on_phone("sync")
    assert asked("conflicts") == json.loads(site.on_phone("conflicts", "--json").out) == []
    assert len(site.digests()) == 1
