"""A new file is whole or not there, for its owner alone, and takes the place of no other."""

import contextlib
import os
from pathlib import Path

import pytest

from manchengo.system import new_private_file

POSIX = pytest.mark.skipif(os.name == "nt", reason="modes and links are those of POSIX")


def test_a_new_file_is_there_whole_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "aller.mnch"
    with new_private_file(path) as file:
        file.write(b"whole")
        assert not path.exists()
    assert path.read_bytes() == b"whole"
    assert os.listdir(tmp_path) == [path.name]


@POSIX
def test_a_new_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "aller.mnch"
    before = os.umask(0)
    try:
        with new_private_file(path) as file:
            file.write(b"secret")
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_is_there_is_kept_and_nothing_is_done(tmp_path: Path) -> None:
    path = tmp_path / "serveur.db.key"
    path.write_bytes(b"the key")
    with pytest.raises(FileExistsError), new_private_file(path):
        raise AssertionError("nothing is begun where the name is taken")
    assert path.read_bytes() == b"the key"
    assert os.listdir(tmp_path) == [path.name]


def test_what_came_meanwhile_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "aller.mnch"
    with contextlib.ExitStack() as stack:
        stack.enter_context(pytest.raises(FileExistsError))
        stack.enter_context(new_private_file(path)).write(b"ours")
        path.write_bytes(b"theirs")
    assert path.read_bytes() == b"theirs"
    assert os.listdir(tmp_path) == [path.name]


@POSIX
def test_no_link_is_followed(tmp_path: Path) -> None:
    path, target = tmp_path / "aller.mnch", tmp_path / "elsewhere"
    path.symlink_to(target)
    with pytest.raises(FileExistsError), new_private_file(path) as file:
        file.write(b"secret")
    assert not target.exists()


def test_of_work_that_failed_nothing_is_left(tmp_path: Path) -> None:
    path = tmp_path / "aller.mnch"
    with contextlib.suppress(ZeroDivisionError), new_private_file(path) as file:
        file.write(b"half")
        raise ZeroDivisionError
    assert os.listdir(tmp_path) == []


def test_a_disk_without_hard_links_keeps_what_is_there_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refuses)
    path = tmp_path / "aller.mnch"
    with new_private_file(path) as file:
        file.write(b"first")
    assert path.read_bytes() == b"first"
    with pytest.raises(FileExistsError), new_private_file(path):
        pass
    assert path.read_bytes() == b"first"
