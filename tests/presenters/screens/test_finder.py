"""Find and go anywhere, and the list of keys, without a window."""

import asyncio
from collections.abc import Iterator

import pytest
from attrs import evolve

from manchengo import Role
from manchengo.domain.access import Permission
from manchengo.ports.rows import RawLotRow, SupplierRow
from manchengo_presenters.language import _
from manchengo_presenters.screens.device_page import DevicePage
from manchengo_presenters.screens.finder import SOURCES, Finder, Hit, Source
from manchengo_presenters.screens.keys import KeyList, WindowKey, printed
from manchengo_presenters.screens.lot_page import LotPage
from manchengo_presenters.screens.person_page import PersonPage
from manchengo_presenters.screens.recall_page import RecallPage
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_table import SCREENS, ScreenKey
from manchengo_presenters.screens.shell import Shell, Stage
from tests.presenters.screens.test_people import enrolled, registered
from tests.presenters.screens.test_recall import HISTORY
from tests.presenters.screens.test_shell import at_work, sign_in
from tests.support.billing import a_draft
from tests.support.dairy import day, recalled
from tests.support.given import given
from tests.support.office_in_memory import OfficeInMemory, execute, with_milk
from tests.support.pricing import WHOLESALE
from tests.support.receiving import receive

MILK = "Lait de vache"


@pytest.fixture
def office() -> OfficeInMemory:
    office = with_milk()
    for litres in range(1, 8):
        receive(office, str(litres))
    return office


def finding(shell: Shell, query: str) -> Finder:
    asyncio.run(shell.show_finder())
    finder = shell.overlay
    assert isinstance(finder, Finder)
    asyncio.run(finder.set_query(query))
    return finder


def lots_of(finder: Finder) -> list[Hit]:
    return [hit for hit in finder.hits if hit.screen is Screen.LOT]


def test_before_anything_is_typed_every_screen_is_listed(office: OfficeInMemory) -> None:
    titles = {hit.title for hit in finding(at_work(office), "").hits}
    assert {"Tableau de bord", "Réceptions", "Lots"} <= titles


def test_a_lot_is_found_by_its_product_the_latest_first(office: OfficeInMemory) -> None:
    found = lots_of(finding(at_work(office), "vache"))
    assert [hit.title[-3:] for hit in found] == ["007", "006", "005", "004", "003"]
    assert (found[0].kind, found[0].detail) == ("Lot", f"{MILK} · 7\u00a0L")


def test_a_code_that_is_typed_whole_comes_first(office: OfficeInMemory) -> None:
    shell = at_work(office)
    code = lots_of(finding(shell, "vache"))[-1].title
    assert finding(shell, code.lower()).hits[0].title == code


def test_a_screen_is_found_without_its_accents(office: OfficeInMemory) -> None:
    hits = finding(at_work(office), "recep").hits
    assert [hit.screen for hit in hits] == [Screen.RECEPTIONS]


def test_enter_goes_to_the_hit_under_the_arrows(office: OfficeInMemory) -> None:
    shell = at_work(office)
    finder = finding(shell, "vache")
    finder.move(1)
    second = finder.hits[1]
    asyncio.run(finder.enter())
    assert shell.overlay is None, "it closes behind who goes"
    assert isinstance(shell.shown, LotPage)
    assert shell.shown.lot_id == second.subject
    asyncio.run(shell.leave())
    assert shell.screen is Screen.DASHBOARD, "and the way back is where one was"


def test_arrows_stay_within_the_hits(office: OfficeInMemory) -> None:
    finder = finding(at_work(office), "recep")
    finder.move(-1)
    assert finder.selected == 0
    finder.move(5)
    assert finder.selected == 0


def test_enter_where_nothing_is_found_goes_nowhere(office: OfficeInMemory) -> None:
    shell = at_work(office)
    finder = finding(shell, "introuvable")
    assert finder.hits == ()
    asyncio.run(finder.enter())
    assert shell.overlay is finder


def test_a_screen_that_is_not_for_a_role_is_not_found() -> None:
    shell = at_work(OfficeInMemory(roles=frozenset({Role.DRIVER})))
    assert finding(shell, "recep").hits == ()


def test_things_of_a_screen_that_is_not_for_a_role_are_not_found(
    office: OfficeInMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = evolve(SCREENS[Screen.LOT], needs=Permission.RECEIVE)
    monkeypatch.setitem(SCREENS, Screen.LOT, closed)
    office.roles = frozenset({Role.DRIVER})
    assert lots_of(finding(at_work(office), "vache")) == []


def test_whatever_a_screen_shows_one_of_is_found(
    office: OfficeInMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = at_work(office)
    assert finding(shell, "oumeziane").hits[0].screen is Screen.LOT, "the lots of that farm"
    of_suppliers = evolve(SCREENS[Screen.RECEPTIONS], of=(SupplierRow,))
    monkeypatch.setitem(SCREENS, Screen.RECEPTIONS, of_suppliers)
    (hit,) = [hit for hit in finding(shell, "oumeziane").hits if hit.kind == "Fournisseur"]
    assert (hit.title, hit.detail, hit.screen) == (
        "F001",
        "Ferme Aït Oumeziane",
        Screen.RECEPTIONS,
    )


def kinds(finder: Finder) -> list[tuple[str, str, str]]:
    """What was found besides screens, as kind, title and detail."""
    return [(hit.kind, hit.title, hit.detail) for hit in finder.hits if hit.subject is not None]


def test_people_and_devices_are_found_and_opened(office: OfficeInMemory) -> None:
    karim = registered(office, "Karim", Role.DRIVER)
    phone = enrolled(office, "téléphone-3", "B", karim)
    shell = at_work(office)
    finder = finding(shell, "telephone")
    assert kinds(finder) == [("Appareil", "téléphone-3", "B · Karim")]
    asyncio.run(finder.enter())
    assert isinstance(shell.shown, DevicePage)
    assert shell.shown.device_id == phone
    finder = finding(shell, "karim")
    assert kinds(finder)[0] == ("Personne", "Karim", "livreur")
    asyncio.run(finder.enter())
    assert isinstance(shell.shown, PersonPage)
    assert shell.shown.user_id == karim


def test_a_recipe_is_found_by_its_product() -> None:
    office = OfficeInMemory(store=given(HISTORY).dairy.store)
    finder = finding(at_work(office), "recette tomme")
    assert ("Recette", "TOMME", "Tomme · Version 1") in kinds(finder)


def test_a_recall_is_found_by_its_lot_and_its_reason() -> None:
    office = OfficeInMemory(store=given((*HISTORY, recalled("L2", on=day(3)))).dairy.store)
    shell = at_work(office)
    finder = finding(shell, "rappel")
    (found,) = [hit for hit in finder.hits if hit.screen is Screen.LOT_RECALL]
    assert (found.kind, found.title, found.detail) == ("Rappel", "L2", "Lait de vache · listeria")
    asyncio.run(finder.open(found))
    assert isinstance(shell.shown, RecallPage)
    assert [hit.title for hit in finding(shell, "rappel L1").hits] == []


def test_the_word_for_a_kind_narrows_what_is_found(office: OfficeInMemory) -> None:
    shell = at_work(office)
    assert {hit.kind for hit in finding(shell, "vache").hits} == {"Lot", "Produit"}
    assert {hit.kind for hit in finding(shell, "produit vache").hits} == {"Produit"}
    assert finding(shell, "de vache").hits == finding(shell, "vache").hits


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.kind)
def test_what_is_for_another_role_is_not_found(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = OfficeInMemory(store=given((*HISTORY, recalled("L2", on=day(3)))).dairy.store)
    enrolled(office, "téléphone-3", "B", registered(office, "Karim", Role.DRIVER))
    execute(office, a_draft("F1"))
    execute(office, WHOLESALE)
    shell, screen = at_work(office), source.leads_to
    assert screen is not None
    assert screen in {hit.screen for hit in finding(shell, _(source.kind)).hits}
    monkeypatch.setitem(SCREENS, screen, evolve(SCREENS[screen], needs=Permission.READ_PRICES))
    office.roles = frozenset({Role.DRIVER})
    found = finding(at_work(office), _(source.kind))
    assert screen not in {hit.screen for hit in found.hits}


def test_an_overlay_is_left_before_the_screen_is(office: OfficeInMemory) -> None:
    shell = at_work(office)
    with office.reading() as snapshot:
        lot_id = next(iter(snapshot.rows(RawLotRow))).id
    asyncio.run(shell.go(Screen.LOT, lot_id))
    finding(shell, "")
    asyncio.run(shell.leave())
    assert (shell.overlay, shell.screen) == (None, Screen.LOT)
    asyncio.run(shell.leave())
    assert shell.screen is Screen.DASHBOARD


def test_a_lock_leaves_no_overlay(office: OfficeInMemory) -> None:
    shell = at_work(office)
    finding(shell, "vache")
    asyncio.run(shell.lock())
    assert (shell.stage, shell.front) == (Stage.SIGN_IN, None)
    asyncio.run(shell.show_finder())
    assert shell.overlay is None, "nothing is found behind a lock"
    sign_in(shell, "amina")
    assert shell.overlay is None


# --------------------------------------------------------------------------------------- keys


def lines(shell: Shell) -> Iterator[tuple[str, str]]:
    asyncio.run(shell.show_keys())
    assert isinstance(shell.overlay, KeyList)
    for group in shell.overlay.groups:
        for line in group.lines:
            yield line.keys, line.words


def test_the_list_of_keys_has_every_key_of_the_window(office: OfficeInMemory) -> None:
    listed = dict(lines(at_work(office)))
    assert listed["Ctrl K"] == "Chercher, et aller partout"
    assert {printed(each.key) for each in WindowKey} <= set(listed)
    assert (listed["G L"], listed["N R"]) == ("Lots", "Réceptions")


def test_keys_of_screens_that_are_not_for_a_role_are_not_listed() -> None:
    shell = at_work(OfficeInMemory(roles=frozenset({Role.DRIVER})))
    listed = dict(lines(shell))
    assert "G R" not in listed
    assert "N R" not in listed


def test_a_letter_of_one_screen_acts_there_alone(
    office: OfficeInMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    pressed: list[object] = []

    async def act(model: object) -> None:
        pressed.append(model)

    key = ScreenKey(letter="T", name="Lots", act=act)
    monkeypatch.setitem(SCREENS, Screen.LOTS, evolve(SCREENS[Screen.LOTS], keys=(key,)))
    shell = at_work(office)
    assert "T" not in dict(lines(shell))
    asyncio.run(shell.uncover())
    asyncio.run(shell.press("T"))
    asyncio.run(shell.go(Screen.LOTS))
    asyncio.run(shell.press("T"))
    assert pressed == [shell.shown]
    assert dict(lines(shell))["T"] == "Lots"
    asyncio.run(shell.press("T"))
    assert pressed == [shell.shown], "not through what lies over it"
