"""The day after, with two devices: they pour the same milk apart, and agree again.

A real server runs on this machine for as long as this lasts. Between two exchanges neither device
hears of the other, as where there is no network.
"""

import shlex
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from manchengo_cli.database import opened
from manchengo_cli.demo_database import overheard, say, show, tell, type_in
from manchengo_cli.exit_codes import ENVIRONMENT
from manchengo_cli.serving import PROGRAM, program
from manchengo_cli.session import Session
from manchengo_presenters.language import N_, _
from manchengo_workplace.failures import Failure

OFFICE, PHONE, SERVER = "atelier.db", "telephone.db", "serveur.db"
ON_PHONE = f"manchengo --db {PHONE}"

Scene = tuple[str, tuple[str, ...]]

APART: tuple[Scene, ...] = (
    (
        N_("Two makes are planned, and everybody hears of it."),
        (
            "manchengo production plan FRAIS-250 300 --code OF-2",
            "manchengo production plan FRAIS-250 300 --code OF-3",
            "manchengo sync",
            f"{ON_PHONE} sync",
        ),
    ),
    (
        N_("The network fails. For OF-2 the office takes the milk of MP-00002."),
        ("manchengo production start OF-2", "manchengo production pour OF-2 MP-00002 280"),
    ),
    (
        N_("For OF-3 the workshop takes the same: its telephone cannot know."),
        (f"{ON_PHONE} production start OF-3", f"{ON_PHONE} production pour OF-3 MP-00002 280"),
    ),
    (
        N_("The network is back. There never was milk for both: one is refused."),
        ("manchengo sync", f"{ON_PHONE} sync"),
    ),
)
AGAIN: tuple[Scene, ...] = (
    (N_("The office hears of the decision, and the workshop has said all."), ("manchengo sync",)),
)


def next_day() -> int:
    """The exit code of the first command that failed, else 0; nothing where there is no server."""
    try:
        server = program()
    except Failure as missing:
        say("", missing.sentence)
        return 0
    tell(_("The next day. A server, so that several can work."))
    run(server, f"init --plant Laiterie --db {SERVER}")
    code = run(server, f"first-code --db {SERVER}")[0]
    with serving(server) as url:
        return joined(url, code) or played(APART) or resolved() or played(AGAIN) or agreed()


def joined(url: str, first_code: str) -> int:
    """The office joins the server, then the telephone; the exit code of the first command that
    fails.
    """
    tell(_("The office joins it, and brings all that it knows."))
    failed = type_in(f"manchengo sync --join {url} --code {first_code} --name bureau")
    if failed:
        return failed
    tell(_("Karim makes the cheese. He gets a telephone: a code lets it in, once."))
    failed = type_in("manchengo user add karim production") or type_in("manchengo sync")
    if failed:
        return failed
    failed, output = overheard("manchengo devices code karim")
    if failed:
        return failed
    code = next(line for line in output.splitlines() if line.startswith("    ")).strip()
    return type_in(f"manchengo init --join {url} --code {code} --name telephone --db {PHONE}")


def played(scenes: Iterable[Scene]) -> int:
    """Tell and type scene after scene; the exit code of the first command that fails."""
    for story, commands in scenes:
        tell(_(story))
        for typed in commands:
            failed = type_in(typed)
            if failed:
                return failed
    return 0


def resolved() -> int:
    """Look at the conflict and resolve it; the exit code of the first command that fails."""
    tell(_("Nothing is lost: what was refused waits for somebody to decide."))
    failed, output = overheard(f"{ON_PHONE} conflicts")
    if failed:
        return failed
    item = output.split()[0]
    tell(_("The workshop looks: it was LAIT-1, and the label was read wrong."))
    return type_in(
        f'{ON_PHONE} conflicts resolve {item} --lot LAIT-1 --reason "étiquette mal lue"'
    ) or type_in(f"{ON_PHONE} sync")


def agreed() -> int:
    """Whether both say the same of everything: one number over all that they show."""
    tell(_("Do the two say the same of everything? One number over all their tables:"))
    found = []
    for name, database in ((_("office"), OFFICE), (_("telephone"), PHONE)):
        with opened(Session(db=database), by_anyone=True) as workplace:
            found.append(workplace.digest())
        print(f"  {name:<10} {found[-1][:32]}")
    if len(set(found)) > 1:
        say(_("They differ: this is a fault of Manchengo."))
        return ENVIRONMENT
    say(_("The same, and every kilogram is accounted for."))
    return 0


# ------------------------------------------------------------------------------ the server


def run(server: str, words: str) -> list[str]:
    """Show a command of the server, run it, and show what it answers: its lines."""
    show(f"{PROGRAM} {words}")
    done = subprocess.run(
        [server, *shlex.split(words)], capture_output=True, text=True, encoding="utf-8", check=False
    )
    lines = done.stdout.splitlines()
    say(*lines)
    if done.returncode:
        raise Failure.saying("ServerFailed", done.stderr.strip(), {"program": server})
    return lines


@contextmanager
def serving(server: str) -> Iterator[str]:
    """The server's address, while it runs; on this machine alone."""
    words = f"serve --db {SERVER} --port 0"
    show(f"{PROGRAM} {words} &")
    with subprocess.Popen(
        [server, *words.split()],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    ) as running:
        try:
            assert running.stdout is not None, "it was asked for"
            ready = running.stdout.readline().strip()
            say(ready)
            yield ready.split()[-1]
        finally:
            running.terminate()
