"""A real database is backed up, brought up to date and verified from the screens."""

from pathlib import Path

import pytest

from manchengo_desktop.compose import DeviceOffice
from manchengo_presenters.screens.problem import Problem
from tests.desktop.test_imports import office

__all__ = ["office"]


def test_a_database_is_backed_up_and_verified(
    office: DeviceOffice,
    tmp_path: Path,
) -> None:
    assert office.care.last_backup() is None
    folder = tmp_path / "cle"
    with pytest.raises(Problem) as refused:
        office.care.back_up(folder, lambda *_: None)
    assert refused.value.name == "NoFolder"
    folder.mkdir()
    steps: list[tuple[int, int]] = []
    made = office.care.back_up(folder, lambda *step: steps.append(step))
    assert made.path == folder / "atelier-sauvegarde.db"
    assert made.is_encrypted
    assert made.bytes == made.path.stat().st_size
    assert steps[-1][0] == steps[-1][1]
    first = office.care.last_backup()
    assert first is not None
    assert office.care.back_up(folder, lambda *_: None).path == made.path
    latest = office.care.last_backup()
    assert latest is not None
    assert latest >= first
    for action in ("backup.restored", "log.verified"):
        office.care._at_work().note(action)
    assert office.care.last_backup() == latest
    assert office.care.verify(lambda *_: None, whole=False).sound
