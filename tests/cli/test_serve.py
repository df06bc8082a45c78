"""``manchengo serve`` becomes the server, which is a program of its own."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import PROGRAM, one_line, run
from tests.support.patience import PATIENCE


def test_it_becomes_the_server_and_hands_over_what_follows(tmp_path: Path) -> None:
    server = shutil.which("manchengo-server", path=str(Path(sys.executable).parent))
    assert server is not None, "every program of the house is installed for its tests"
    made = [server, "init", "--plant", "Essai", "--db", "serveur.db", "--clear"]
    subprocess.run(made, cwd=tmp_path, check=True, capture_output=True)
    words = ["serve", "--db", "serveur.db", "--port", "0"]
    with subprocess.Popen(
        [*PROGRAM, *words], cwd=tmp_path, stdout=subprocess.PIPE, text=True
    ) as serving:
        try:
            assert serving.stdout is not None
            assert "http://127.0.0.1:" in serving.stdout.readline()
            serving.terminate()
            assert serving.wait(PATIENCE) == 0
        finally:
            serving.kill()


def test_without_the_server_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    ran = run("serve", "--port", "0")
    assert ran.code == 3
    assert "Installez le paquet manchengo-server" in one_line(ran.err)
