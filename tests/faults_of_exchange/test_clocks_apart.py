"""Clocks that are wrong by years, or go back: the log orders what happened, and they are named."""

from tests.faults_of_exchange.oddities import Oddity
from tests.faults_of_exchange.site import Site

YEARS = 365


def test_a_telephone_years_ahead_and_then_years_behind_is_named_and_orders_nothing(
    site: Site,
) -> None:
    phone, office = site.phone, site.office

    phone.starts(Oddity(days_ahead=3 * YEARS))
    phone.records("client", "change", "C1", "--name", "Ziani demain")
    site.spills(phone)
    phone.does("sync")
    office.does("sync")
    assert office.asks("stats")["fast_clocks"] == ["telephone"]
    assert "Horloges en avance" in office.does("stats").out
    office.records("client", "change", "C1", "--name", "Ziani")
    office.does("sync")
    phone.starts(Oddity(days_ahead=-4 * YEARS))
    site.spills(phone)
    phone.does("sync")
    site.spills(office)
    phone.starts()
    site.spills(phone)
    entries = site.check()
    for post in site.posts:
        assert {each["code"]: each["name"] for each in post.asks("client", "list")}["C1"] == "Ziani"
        order = [entry.commit.id for entry in entries if entry.commit.id in set(post.recorded)]
        assert order == post.recorded
    stamps = [entry.commit.hlc for entry in entries if entry.commit.id in set(phone.recorded)]
    assert stamps == sorted(stamps)


def test_a_server_whose_clock_goes_back_answers_all_the_same(site: Site) -> None:
    site.spills(site.phone)
    site.starts_again(Oddity(days_ahead=-2 * YEARS))
    site.phone.does("sync")
    site.spills(site.office)
    site.check()
