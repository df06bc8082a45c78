"""A device whose older program stored what nobody can read joins, and its queue drains."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from manchengo.domain.commit import Verdict
from tests.faults_of_exchange.site import Site, a_site, verdicts
from tests.server.running import Place
from tests.support.unreadable import GOLDEN, UNREADABLE


@pytest.fixture
def site(place: Place, tmp_path: Path) -> Iterator[Site]:
    with a_site(place, tmp_path, GOLDEN) as at_work:
        yield at_work


def test_what_nobody_can_read_is_parked_and_all_behind_it_goes_on(site: Site) -> None:
    assert site.office.pending == 0
    site.spills(site.office)
    site.spills(site.phone)
    after = verdicts(site.check())
    parked = {str(each) for each, verdict in after.items() if verdict is Verdict.PARKED}
    assert set(UNREADABLE) < parked
    assert len(parked) == len(UNREADABLE) + 1
    assert after[site.office.recorded[-1]] is Verdict.ACCEPTED
    for post in site.posts:
        assert {each["commit"] for each in post.asks("verify")["unreadable"]} == set(UNREADABLE)
        assert {each["lot"] for each in post.asks("lots", "LAIT")} == {"L2", "L-BON"}
