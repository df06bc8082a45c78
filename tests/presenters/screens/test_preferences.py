"""What is chosen for a computer takes effect at once, also in another window, and is kept."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import evolve

from manchengo import Role
from manchengo_presenters import language
from manchengo_presenters.screens.exchange_page import ExchangePage
from manchengo_presenters.screens.label_file import LabelPaper
from manchengo_presenters.screens.lot_page import LotPage
from manchengo_presenters.screens.office import Access
from manchengo_presenters.screens.preferences import Theme
from manchengo_presenters.screens.preferences_form import PreferencesForm
from manchengo_presenters.screens.problem import Problem
from manchengo_presenters.screens.receptions import Receptions
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.settings_page import SettingsPage
from manchengo_presenters.screens.shell import Shell, Stage
from tests.presenters.screens.test_shell import at_work
from tests.support.office_in_memory import (
    OfficeInMemory,
    WindowInMemory,
    at_once,
    context,
    with_milk,
)
from tests.support.receiving import receive

FOLDER = Path("/media/cle")
"""The one that the office in memory has."""


@pytest.fixture(autouse=True)
def spoken() -> Iterator[None]:
    before = language.current()
    yield
    language.use(before)


@pytest.fixture
def office() -> OfficeInMemory:
    return OfficeInMemory()


def at_settings(office: OfficeInMemory) -> tuple[Shell, PreferencesForm]:
    shell = at_work(office)
    asyncio.run(shell.go(Screen.SETTINGS))
    assert isinstance(shell.shown, SettingsPage)
    return shell, shell.shown.preferences


def test_a_theme_is_shown_at_once_and_kept(office: OfficeInMemory) -> None:
    shell, form = at_settings(office)
    asyncio.run(form.set_theme(Theme.DARK))
    assert shell.preferences.theme is Theme.DARK
    assert office.preferred.theme is Theme.DARK
    assert at_work(office).preferences.theme is Theme.DARK


def test_the_switch_beside_the_name_chooses_a_theme_too(office: OfficeInMemory) -> None:
    shell, form = at_settings(office)
    asyncio.run(shell.set_theme(Theme.LIGHT))
    assert (office.preferred.theme, form.chosen.theme) == (Theme.LIGHT, Theme.LIGHT)


def test_what_cannot_be_kept_is_said_and_changes_nothing(office: OfficeInMemory) -> None:
    shell, form = at_settings(office)
    office.fault = Problem("DiskFull", "Le disque est plein.")
    asyncio.run(shell.set_theme(Theme.DARK))
    assert (shell.notice, shell.preferences.theme) == ("Le disque est plein.", Theme.SYSTEM)
    office.fault = Problem("DiskFull", "Le disque est plein.")
    asyncio.run(form.set_theme(Theme.DARK))
    assert form.problem is not None
    assert shell.preferences.theme is Theme.SYSTEM


def test_another_language_is_spoken_at_once(office: OfficeInMemory) -> None:
    shell, form = at_settings(office)
    assert form.languages == [("fr", "Français"), ("en", "English")]
    assert form.language == "fr"
    asyncio.run(form.set_language("en"))
    assert form.language == "en"
    assert shell.destinations[0].label == "Dashboard"
    assert isinstance(shell.shown, SettingsPage)
    assert shell.shown.known is not None
    assert dict(shell.shown.known.computer)["Device"] == "Bureau (mark A)"


def test_what_was_wrong_is_said_no_longer_in_the_language_of_before(
    office: OfficeInMemory,
) -> None:
    shell, form = at_settings(office)
    page = shell.shown
    assert isinstance(page, SettingsPage)
    form.begin_folder()
    asyncio.run(form.set_folder())
    assert form.errors == {"folder": "À remplir."}
    asyncio.run(shell.go(Screen.RECEPTIONS))
    receptions = shell.shown
    assert isinstance(receptions, Receptions)
    asyncio.run(receptions.new_supplier.add())
    assert receptions.new_supplier.errors
    asyncio.run(receptions.receive())
    assert receptions.errors
    asyncio.run(shell.go(Screen.EXCHANGE))
    exchange = shell.shown
    assert isinstance(exchange, ExchangePage)
    asyncio.run(exchange.join())
    assert exchange.joining.errors
    asyncio.run(form.set_language("en"))
    for each in (form, receptions, receptions.new_supplier, exchange.joining):
        assert each.errors == {}
    asyncio.run(form.set_folder())
    assert form.errors == {"folder": "Fill this in."}
    asyncio.run(form.set_language("en"))
    assert form.errors, "the language is the same"


def test_a_window_speaks_from_the_first_what_was_chosen(office: OfficeInMemory) -> None:
    office.preferred = evolve(office.preferred, language="en")
    assert at_work(office).destinations[0].label == "Dashboard"


def test_what_was_chosen_counts_before_anybody_signs_in(office: OfficeInMemory) -> None:
    office.preferred = evolve(office.preferred, theme=Theme.DARK)
    office.state = Access.CLOSED
    shell = Shell(office, at_once)
    asyncio.run(shell.start())
    assert (shell.stage, shell.preferences.theme) == (Stage.DATABASE_CLOSED, Theme.DARK)


def test_another_window_takes_it_up(office: OfficeInMemory) -> None:
    shell, _ = at_settings(office)
    office.preferred = evolve(office.preferred, theme=Theme.DARK)
    asyncio.run(shell.look())
    assert shell.preferences.theme is Theme.DARK


def test_an_administrator_says_when_the_computer_locks(office: OfficeInMemory) -> None:
    _, form = at_settings(office)
    assert [words for _, words in form.lock_delays] == [
        "5 minutes",
        "15 minutes",
        "30 minutes",
        "60 minutes",
    ]
    asyncio.run(form.set_lock(300))
    assert office.preferred.locks_after == 300


def test_a_delay_that_is_none_of_those_offered_is_shown(office: OfficeInMemory) -> None:
    office.preferred = evolve(office.preferred, locks_after=2 * 60)
    _, form = at_settings(office)
    assert form.lock_delays[0] == (120, "2 minutes")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_nobody_else_says_when_the_computer_locks(office: OfficeInMemory, role: Role) -> None:
    office.roles = frozenset({role})
    _, form = at_settings(office)
    assert not form.may_set_lock
    asyncio.run(form.set_lock(300))
    assert office.preferred.locks_after == 15 * 60
    asyncio.run(form.set_theme(Theme.DARK))
    assert office.preferred.theme is Theme.DARK, "the rest is for everybody"


def test_labels_are_proposed_on_the_paper_that_was_chosen() -> None:
    office, window = with_milk(), WindowInMemory()
    form = PreferencesForm(context(office, window=window))
    asyncio.run(form.set_paper(LabelPaper.SMALL))
    screen = LotPage(context(office, window=window), receive(office))
    asyncio.run(screen.begin_label())
    assert screen.label is not None
    assert screen.label.paper is LabelPaper.SMALL
    assert screen.label.folder is None


def test_labels_go_into_the_folder_that_was_chosen() -> None:
    office, window = with_milk(), WindowInMemory()
    form = PreferencesForm(context(office, window=window))
    form.begin_folder()
    form.put("folder", f" {FOLDER} ")
    asyncio.run(form.set_folder())
    screen = LotPage(context(office, window=window), receive(office))
    asyncio.run(screen.begin_label())
    assert screen.label is not None
    assert screen.label.folder == FOLDER
    assert asyncio.run(screen.label.put())
    assert [(file.name, folder) for file, folder in office.printed] == [("etiquette.pdf", FOLDER)]
    assert window.said == ["L’étiquette etiquette.pdf est dans le dossier /media/cle."]


def test_a_folder_that_is_gone_is_said_and_the_label_tried_again() -> None:
    office, window = with_milk(), WindowInMemory()
    window.preferences = evolve(window.preferences, label_folder=Path("/media/partie"))
    screen = LotPage(context(office, window=window), receive(office))
    asyncio.run(screen.begin_label())
    assert screen.label is not None
    assert not asyncio.run(screen.label.put())
    assert "n’existe pas" in screen.label.not_printed
    assert office.printed == []


def test_a_folder_that_is_not_there_is_refused_beside_its_field(office: OfficeInMemory) -> None:
    _, form = at_settings(office)
    form.begin_folder()
    asyncio.run(form.set_folder())
    assert list(form.errors) == ["folder"]
    form.put("folder", "/nulle/part")
    asyncio.run(form.set_folder())
    assert "n’existe pas" in form.errors["folder"]
    assert office.preferred.label_folder is None


def test_somebody_chooses_again_where_each_label_goes(office: OfficeInMemory) -> None:
    office.preferred = evolve(office.preferred, label_folder=FOLDER)
    _, form = at_settings(office)
    assert form.is_to_folder
    assert form.values["folder"] == str(FOLDER)
    asyncio.run(form.ask_where())
    assert office.preferred.label_folder is None
    assert not form.is_to_folder
