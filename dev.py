"""Everything a developer does here is one of these tasks, and each makes what it is missing.

    python3 dev.py demo       a day at the dairy on a throw-away encrypted database
    python3 dev.py test       all tests on all cores; further words go to pytest (in CI: linters)
    python3 dev.py check      format, lint, types, import contracts, then the tests
    python3 dev.py campaigns  what repeats a shorter test, many times; further words go to pytest
    python3 dev.py mutants    break one rule after the other: a test must notice each
    python3 dev.py format     put the code in shape
    python3 dev.py run ...    any installed command, from the folder you are in
    python3 dev.py bench      measure, against the thing beside it
    python3 dev.py pictures   take pictures of the screens into a folder, to be looked at
    python3 dev.py docs       write the generated pages of the documentation
    python3 dev.py sbom       print the bill of materials, as CycloneDX, of what the lock pins
    python3 dev.py kill ...   kill what writes, a thousand times or more: nothing may be lost
    python3 dev.py simulate   devices, server, network and disks, under any number of seeds
    python3 dev.py lock       pin what every pyproject.toml asks for; with --upgrade, the newest

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
STAMP = VENV / "synced"
MEMBERS = tuple(sorted(file.parent for file in ROOT.glob("[pa]*s/*/pyproject.toml")))
PROJECTS = (ROOT / "pyproject.toml", *(member / "pyproject.toml" for member in MEMBERS))

# Every third-party package: its version, the hashes of its files, and who asked for it. No address.
LOCK = ROOT / "requirements.lock"
MEMBER_LINES = re.compile(r"^-e .*\n(?: +#.*\n)*", re.MULTILINE)
UV_LINES = re.compile(r"^uv==(\S+)(?: \\\n +--hash=\S+)+\n", re.MULTILINE)

LINTERS = (
    ("ruff", "format", "--check", "--quiet", "--output-format=concise"),
    ("ruff", "check", "--quiet", "--output-format=concise"),
    ("mypy", "--no-error-summary"),
    ("lint-imports", "--no-logo"),
)

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
# One process more than cores: tests wait for browsers, servers, locks and processes of their own.
ON_ALL_CORES = (f"--numprocesses={CORES + 1}", "--dist=worksteal")
CAMPAIGNS = ("-m", "campaign", "--hypothesis-profile=campaign")

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


def campaigns(words: list[str]) -> int:
    return call("pytest", *CAMPAIGNS, *ON_ALL_CORES, *words, cwd=ROOT)


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
    # One version for every system and Python. Without --upgrade, what is pinned and fits stays.
    scope = ("--universal", "--python-version=3.11", "--fork-strategy=fewest", "--generate-hashes")
    said = ("--quiet", "--custom-compile-command=python3 dev.py lock", f"--output-file={LOCK.name}")
    sources = ("--group=dev", *(file.relative_to(ROOT).as_posix() for file in PROJECTS))
    code = call(str(uv()), "pip", "compile", *scope, *said, *sources, *words, cwd=ROOT)
    if code == 0:
        pinned = MEMBER_LINES.sub("", LOCK.read_text("utf-8"))  # ours lie here, at no version
        LOCK.write_bytes(pinned.encode())
    return code


TASKS: dict[str, Callable[[list[str]], int]] = {"demo": demo, "test": test, "check": check}
TASKS |= {"campaigns": campaigns, "format": reformat, "run": run, "lock": lock}
TASKS |= {"docs": ours("docs/generate.py")}
TASKS |= {"mutants": ours("-m", "tests.mutants"), "simulate": ours("-m", "tests.simulation")}
TASKS |= {"sbom": ours("docs/supply_chain.py"), "pictures": ours("-m", "tests.screens.pictures")}
TASKS |= {"bench": ours("-m", "tests.bench"), "kill": ours("-m", "tests.faults.kill")}


# ---------------------------------------------------------------- what the tasks stand on


def uv() -> Path:
    """Where the locked version of uv lies, apart from everything else on the machine."""
    pin = UV_LINES.search(LOCK.read_text("utf-8"))
    if pin is None:
        raise SetUpError(f"{LOCK.name} does not pin uv: restore it from the repository.")
    folder = ROOT / ".dev" / f"uv-{pin[1]}" / BIN
    return folder / ("uv.exe" if os.name == "nt" else "uv")


def make_tools() -> None:
    """Install uv, once, if its file has a hash that the lock knows."""
    program = uv()
    if program.exists():
        return
    say("First run: setting up Manchengo in .venv, about a minute; later runs start at once.")
    folder = program.parent.parent
    pins = folder / "requirements.txt"
    python = str(program.with_stem("python"))
    install = ("install", "--quiet", "--require-hashes", "--only-binary=:all:", "--requirement")
    if _silently(sys.executable, "-m", "venv", "--clear", str(folder)):
        raise SetUpError(NO_VENV)
    pins.write_text("".join(pin[0] for pin in UV_LINES.finditer(LOCK.read_text("utf-8"))))
    if _silently(python, "-m", "pip", *install, str(pins)):
        raise SetUpError(NO_UV)


def _silently(*command: str) -> int:
    return subprocess.call(command, env=environment(), stdout=subprocess.DEVNULL)


def make_environment() -> None:
    """Bring `.venv` to what the lock and every pyproject.toml say, if it is not there already.

    Only wheels whose hash is in the lock are installed: what has none is refused, and nothing is
    built from source, which would fetch and run what no hash names. Our own packages are linked
    with the build backend inside uv, without a network.
    """
    wanted = fingerprint()
    if STAMP.exists() and STAMP.read_text() == wanted:
        return
    if STAMP.exists():
        say("The Python or the dependencies changed: bringing .venv up to date.")
    into = ("--quiet", "--python", str(VENV))
    ours = [f"--editable={member}" for member in MEMBERS]
    steps: list[tuple[str, ...]] = [
        ("pip", "sync", *into, "--require-hashes", "--no-build", str(LOCK)),
        ("pip", "install", *into, "--no-deps", "--offline", "--no-index", *ours),
    ]
    if not has_environment():
        steps.insert(0, ("venv", "--quiet", "--clear", str(VENV)))
    for step in steps:
        if call(str(uv()), *step, cwd=ROOT):
            raise SetUpError("The environment could not be made (see above).")
    STAMP.write_text(wanted)


def has_environment() -> bool:
    """Whether `.venv` is whole, and of the Python that runs this."""
    settings = VENV / "pyvenv.cfg"
    version = "version_info = {}.{}.".format(*sys.version_info)
    return STAMP.exists() and settings.exists() and version in settings.read_text("utf-8")


def fingerprint() -> str:
    """What `.venv` depends on, in one word: the Python, the lock and every pyproject.toml."""
    digest = hashlib.sha256(repr(sys.version_info[:2]).encode())
    for file in (LOCK, *PROJECTS):
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
