"""Everything a developer does here is one of these tasks, and each makes what it is missing.

    python3 dev.py demo       a day at the dairy on a throw-away encrypted database
    python3 dev.py test       all tests on all cores; further words go to pytest (in CI: linters)
    python3 dev.py check      format, lint, types, import contracts, then the tests
    python3 dev.py mutants    break one rule after the other: a test must notice each
    python3 dev.py format     put the code in shape
    python3 dev.py run ...    any installed command, from the folder you are in
    python3 dev.py bench      measure, against the thing beside it
    python3 dev.py docs       write the generated pages of the documentation
    python3 dev.py kill ...   kill what writes, a thousand times or more: nothing may be lost
    python3 dev.py simulate   devices, server, network and disks, under any number of seeds
    python3 dev.py lock       pin the newest versions that fit, after an edit of a pyproject.toml

Python 3.11 or newer is all it needs. The first task makes `.dev` (uv alone) and `.venv` (Manchengo
and its tools) beside this file; delete both to start afresh.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent
BIN = "Scripts" if os.name == "nt" else "bin"
VENV = ROOT / ".venv"
UV_VERSION = "0.13.9"
TOOLS = ROOT / ".dev" / f"uv-{UV_VERSION}"
UV = TOOLS / BIN / ("uv.exe" if os.name == "nt" else "uv")
STAMP = VENV / "synced"
PROJECTS = (ROOT / "pyproject.toml", *sorted(ROOT.glob("[pa]*s/*/pyproject.toml")))
PIN_BLOCK = re.compile(r"(?<=\nconstraint-dependencies = \[\n)[^]]*")

LINTERS = (
    ("ruff", "format", "--check", "--quiet", "--output-format=concise"),
    ("ruff", "check", "--quiet", "--output-format=concise"),
    ("mypy", "--no-error-summary"),
    ("lint-imports", "--no-logo"),
)

ON_ALL_CORES = ("--numprocesses=auto", "--dist=worksteal")

NO_VENV = (
    "This Python cannot make virtual environments: install its venv and pip parts "
    "(Debian and Ubuntu: apt install python3-venv), then run this again."
)
NO_UV = "uv could not be installed, for the reason above; the first run needs a network."


class SetUpError(Exception):
    """The machine lacks something; the message says what to do about it."""


def main(words: list[str]) -> int:
    """Run one task and answer its exit code."""
    task, further = (words[0], words[1:]) if words else ("", [])
    if task not in TASKS:
        print(__doc__)
        return 0 if task in ("", "help", "-h", "--help") else 2
    try:
        make_tools()
        if task != "lock":
            make_environment()
        return TASKS[task](further)
    except SetUpError as missing:
        print(missing, file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        return 130


# ---------------------------------------------------------------- the tasks


def demo(words: list[str]) -> int:
    return call("manchengo", "demo", *words)


def test(words: list[str]) -> int:
    return check(words) if os.environ.get("CI") else pytest(words)


def check(words: list[str]) -> int:
    # Every linter speaks before the first failure ends the task: one run shows all there is to fix.
    codes = [call(*linter, cwd=ROOT) for linter in LINTERS]
    return max(codes) or pytest(words)


def pytest(words: list[str]) -> int:
    # All of them run on all cores. Some run in one process, where a debugger works; or add `-n2`.
    return call("pytest", *(words or ON_ALL_CORES), cwd=ROOT)


def reformat(words: list[str]) -> int:
    fixed = call("ruff", "check", "--fix", "--quiet", *words, cwd=ROOT)
    return call("ruff", "format", "--quiet", *words, cwd=ROOT) or fixed


def run(words: list[str]) -> int:
    if not words:
        print("Which command? For example: python3 dev.py run manchengo --help", file=sys.stderr)
        return 2
    return call(*words)


def ours(*command: str) -> Callable[[list[str]], int]:
    return lambda words: call("python", *command, *words, cwd=ROOT)


def lock(words: list[str]) -> int:
    # One version for every system and Python; --no-config, lest the present pins choose themselves.
    scope = ("--universal", "--python-version=3.11", "--fork-strategy=fewest", "--no-config")
    sources = ("--group=dev", "--all-extras", *map(str, PROJECTS))
    command = [str(UV), "pip", "compile", "--quiet", "--no-annotate", *scope, *sources, *words]
    chosen = subprocess.run(command, env=environment(), cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if chosen.returncode:
        return chosen.returncode
    pins = re.findall(r"^[^\s;#]+==[^\s;]+", chosen.stdout, re.MULTILINE)
    block = "".join(f'    "{pin}",\n' for pin in sorted(pins))
    before, after = PIN_BLOCK.split(PROJECTS[0].read_text("utf-8"))
    PROJECTS[0].write_bytes((before + block + after).encode())
    return call(str(UV), "lock", "--quiet", cwd=ROOT)


TASKS: dict[str, Callable[[list[str]], int]] = {"demo": demo, "test": test, "check": check}
TASKS |= {"format": reformat, "run": run, "lock": lock, "docs": ours("docs/generate.py")}
TASKS |= {"mutants": ours("-m", "tests.mutants"), "simulate": ours("-m", "tests.simulation")}
TASKS |= {"bench": ours("-m", "tests.bench"), "kill": ours("-m", "tests.faults.kill")}


# ---------------------------------------------------------------- what the tasks stand on


def make_tools() -> None:
    """Install uv, once, where it touches nothing else on the machine."""
    if UV.exists():
        return
    say("First run: setting up Manchengo in .venv, about a minute; later runs start at once.")
    python = str(TOOLS / BIN / "python")
    for command, way_out in (
        ([sys.executable, "-m", "venv", "--clear", str(TOOLS)], NO_VENV),
        ([python, "-m", "pip", "install", "--quiet", f"uv=={UV_VERSION}"], NO_UV),
    ):
        if subprocess.call(command, env=environment(), stdout=subprocess.DEVNULL):
            raise SetUpError(way_out)


def make_environment() -> None:
    """Bring `.venv` to what every pyproject.toml says, if it is not there already."""
    wanted = fingerprint()
    if STAMP.exists() and STAMP.read_text() == wanted:
        return
    if STAMP.exists():
        say("The Python or the dependencies changed: bringing .venv up to date.")
    if call(str(UV), "sync", "--all-packages", "--quiet", cwd=ROOT):
        raise SetUpError("The environment could not be made (see above).")
    STAMP.write_text(wanted)


def fingerprint() -> str:
    """What `.venv` depends on, in one word: the Python and every pyproject.toml."""
    digest = hashlib.sha256(repr(sys.version_info[:2]).encode())
    for file in PROJECTS:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def environment() -> dict[str, str]:
    """The variables a task sees: `.venv` first on the path, and uv kept from fetching a Python."""
    env = os.environ | {
        "PATH": os.pathsep.join([str(VENV / BIN), os.environ.get("PATH", os.defpath)]),
        "UV_COMPILE_BYTECODE": "1",
        "VIRTUAL_ENV": str(VENV),
    }
    env.setdefault("UV_PYTHON_DOWNLOADS", "never")
    # An older Python can still start this file; uv then looks for a newer one on this machine.
    if sys.version_info >= (3, 11):  # noqa: UP036 - true of .venv, not of who starts us
        env.setdefault("UV_PYTHON", getattr(sys, "_base_executable", sys.executable))
    return env


def call(command: str, *words: str, cwd: Path | None = None) -> int:
    """Run a command of `.venv` to its end; its exit code, as a shell would give it."""
    env = environment()
    program = shutil.which(command, path=env["PATH"])
    if program is None:
        say(f"There is no command named {command}.")
        return 127
    code = subprocess.call([program, *words], env=env, cwd=cwd)
    return code if code >= 0 else 128 - code


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
