"""Whatever befalls a request or an answer on its way, what was recorded is in the log, once."""

from manchengo.domain.commit import LogEntry
from tests.cli.running import one_line
from tests.faults_of_exchange.cable import Fault
from tests.faults_of_exchange.site import Site

UNANSWERED = (Fault.REQUEST_LOST, Fault.REQUEST_CUT, Fault.ANSWER_LOST, Fault.ANSWER_CUT)


def test_a_push_that_is_lost_or_cut_waits_and_is_done_once(site: Site) -> None:
    for fault in UNANSWERED:
        site.spills(site.phone)
        site.cable.strikes(fault)
        ran = site.phone.tries("sync")
        assert ran.code == 3, fault
        assert "ne répond pas. Rien n’est perdu" in one_line(ran.err)
        assert site.phone.pending == 1, fault
        site.phone.does("sync")
        assert site.phone.pending == 0, fault
    site.check()


def recorded_by_people(site: Site) -> list[LogEntry]:
    """Without the ends of audits, which the server writes by itself."""
    return [entry for entry in site.check() if entry.commit.command_type != "audit.anchor"]


def test_a_push_that_comes_twice_or_long_after_is_done_once(site: Site) -> None:
    before = len(recorded_by_people(site))
    site.spills(site.phone)
    site.cable.strikes(Fault.DOUBLED)
    site.phone.does("sync")
    site.spills(site.phone)
    site.cable.strikes(Fault.COMES_AGAIN)
    site.phone.does("sync")
    site.spills(site.phone)
    site.spills(site.office)
    site.phone.does("sync")
    site.cable.bring_again()
    assert len(recorded_by_people(site)) == before + 4
