"""What is chosen for a computer lies beside its database, and nothing wrong in it stops anybody."""

import json
import os
import stat
from pathlib import Path

import pytest

from manchengo_presenters.screens.label_file import LabelPaper
from manchengo_presenters.screens.preferences import LOCK_DELAYS, Preferences, Theme
from manchengo_workplace import preferences_file
from manchengo_workplace.inactivity import LONGEST_LIMIT, USUAL_LIMIT

USUAL = Preferences(locks_after=USUAL_LIMIT)
CHOSEN = Preferences(
    locks_after=300,
    theme=Theme.DARK,
    language="en",
    label_paper=LabelPaper.SHEET,
    label_folder=Path("/var/spool/étiquettes"),
)


def file(tmp_path: Path) -> Path:
    return preferences_file.beside(tmp_path / "atelier.db")


def test_what_was_chosen_is_there_again(tmp_path: Path) -> None:
    preferences_file.write(file(tmp_path), CHOSEN)
    assert preferences_file.read(file(tmp_path)) == CHOSEN
    assert file(tmp_path).name == "atelier.db.preferences.json"
    preferences_file.write(file(tmp_path), USUAL)
    assert preferences_file.read(file(tmp_path)) == USUAL


@pytest.mark.skipif(os.name == "nt", reason="modes are those of POSIX")
def test_it_is_for_its_owner_alone(tmp_path: Path) -> None:
    preferences_file.write(file(tmp_path), CHOSEN)
    assert stat.S_IMODE(file(tmp_path).stat().st_mode) == 0o600


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    file(tmp_path).mkdir()
    with pytest.raises(OSError, match="preferences"):
        preferences_file.write(file(tmp_path), CHOSEN)
    assert list(tmp_path.iterdir()) == [file(tmp_path)]


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '"dark"', "\udcff", '{"theme": 3}'])
def test_a_damaged_file_is_as_if_nobody_had_chosen(tmp_path: Path, content: str) -> None:
    file(tmp_path).write_bytes(content.encode(errors="surrogateescape"))
    assert preferences_file.read(file(tmp_path)) == USUAL


def test_what_this_program_does_not_know_is_left_out(tmp_path: Path) -> None:
    kept = {"theme": "sepia", "language": "tlh", "label_paper": "large", "sound": "off"}
    file(tmp_path).write_text(json.dumps(kept))
    assert preferences_file.read(file(tmp_path)) == USUAL


@pytest.mark.parametrize(
    ("written", "counts"),
    [(0, 60), (-5, 60), (10**9, LONGEST_LIMIT), ("300", USUAL_LIMIT), (True, USUAL_LIMIT)],
)
def test_no_file_keeps_a_computer_open_for_days(
    tmp_path: Path, written: object, counts: int
) -> None:
    file(tmp_path).write_text(json.dumps({"locks_after": written}))
    assert preferences_file.read(file(tmp_path)).locks_after == counts


def test_the_usual_delay_can_be_chosen() -> None:
    assert USUAL_LIMIT in LOCK_DELAYS
