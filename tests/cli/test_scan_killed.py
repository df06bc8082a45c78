"""A program killed in the middle of a task: each scan is there with its command, or neither is."""

import json
import os
import subprocess
from functools import partial
from pathlib import Path

import pytest

from manchengo_cli.main import main
from tests.cli.conftest import DAY
from tests.cli.running import asked, done
from tests.support import fork_server

SCANS = 60


@pytest.mark.parametrize("answers", [0, 1, 5])
def test_a_kill_between_two_scans_leaves_each_whole(dairy: Path, answers: int) -> None:
    """Nothing depends on the moment: the program is killed after so many answers, or a few more."""
    done("production", "plan", "GOUDA", "20", "--code", "OF-2", "--on", DAY)
    done("production", "start", "OF-2", "--on", DAY)
    label = asked("labels", "L2", "--to", "L2.pdf")["printed"][0]["payload"]
    words = ("scan", "--pour", "OF-2", "--quantity", "1", "--on", DAY, "--json")
    process = fork_server.start(
        partial(main, words), env=os.environ, stdin=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{label}\n" * SCANS)
    process.stdin.flush()
    lines = [process.stdout.readline() for _ in range(answers)]
    process.kill()
    lines += process.stdout.readlines()
    fork_server.kill(process)
    acknowledged = {json.loads(line)["commit"] for line in lines if line.endswith("\n")}
    poured = asked("production", "show", "OF-2")["poured"]
    scans = [each for each in asked("audit", "--limit", str(2 * SCANS)) if each["kind"] == "scan"]
    recorded = {each["facts"]["scan"]["commit"] for each in scans}
    assert acknowledged <= recorded
    assert len(recorded) == len(scans) == len(poured) <= len(acknowledged) + 1
    assert done("verify", "--db", str(dairy)).code == 0
