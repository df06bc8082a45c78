"""What is chosen for a computer counts on a real database, also before it is open."""

from pathlib import Path

import pytest
from attrs import evolve

from manchengo_desktop.compose import DeviceOffice
from manchengo_presenters.screens.label_file import LabelFile
from manchengo_presenters.screens.preferences import Preferences, Theme
from manchengo_presenters.screens.problem import Problem
from manchengo_workplace.inactivity import USUAL_LIMIT
from tests.desktop.driver import let_a_driver_work
from tests.desktop.test_imports import office

__all__ = ["office"]

USUAL = Preferences(locks_after=USUAL_LIMIT)
LABEL = LabelFile(name="etiquette-MP-1.pdf", content=b"%PDF-")


def test_it_counts_before_the_database_is_open(office: DeviceOffice) -> None:
    assert office.preferences() == USUAL
    office.keep_preferences(evolve(USUAL, theme=Theme.DARK))
    assert DeviceOffice(office.path).preferences().theme is Theme.DARK


def test_how_soon_it_locks_counts_at_once_in_every_window(office: DeviceOffice) -> None:
    other = DeviceOffice(office.path)
    office.keep_preferences(evolve(USUAL, locks_after=300))
    assert office._inactivity.limit == 300
    other.preferences()
    assert other._inactivity.limit == 300


def test_who_may_not_say_when_it_locks_is_refused_and_noted(office: DeviceOffice) -> None:
    let_a_driver_work(office)
    with pytest.raises(Problem) as refused:
        office.keep_preferences(evolve(USUAL, locks_after=3600))
    assert refused.value.name == "NotPermitted"
    assert office.preferences() == USUAL
    with office._database.store.reading() as snapshot:
        (noted,) = snapshot.audit(limit=1)
    assert (noted.action, noted.outcome) == ("computer.locks_after", "NotPermitted")
    office.keep_preferences(evolve(USUAL, theme=Theme.DARK))
    assert office.preferences().theme is Theme.DARK


def test_nobody_says_when_it_locks_behind_a_lock(office: DeviceOffice) -> None:
    office.lock()
    with pytest.raises(Problem) as refused:
        office.keep_preferences(evolve(USUAL, locks_after=3600))
    assert refused.value.name == "Locked"


def test_a_label_goes_into_a_folder(office: DeviceOffice, tmp_path: Path) -> None:
    folder = tmp_path / "étiquettes"
    with pytest.raises(Problem) as refused:
        office.keep_preferences(evolve(USUAL, label_folder=folder))
    assert refused.value.name == "NoFolder"
    folder.mkdir()
    office.keep_preferences(evolve(USUAL, label_folder=folder))
    for content in (b"%PDF-first", LABEL.content):
        office.labels.put(evolve(LABEL, content=content), folder)
    assert [(each.name, each.read_bytes()) for each in folder.iterdir()] == [
        (LABEL.name, LABEL.content)
    ]


def test_a_folder_that_takes_nothing_is_said(office: DeviceOffice, tmp_path: Path) -> None:
    (tmp_path / LABEL.name).mkdir()
    with pytest.raises(Problem) as refused:
        office.labels.put(LABEL, tmp_path)
    assert refused.value.name == "NoFolder"
