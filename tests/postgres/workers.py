"""Workers of one server, each a process of its own, and what there is for them to push.

A test starts one with ``elsewhere``; it runs one of the tasks below on the plant it is given.
"""

import os
import random
import subprocess
import sys
from functools import partial
from uuid import UUID

from manchengo import Manchengo, MemoryStore
from manchengo.application.replication.server_log import Offered, receive
from manchengo.application.unit_of_work import StateCache
from manchengo.application.views import refill
from manchengo.commands import Command
from manchengo.memory import START_OF_MEMORY
from manchengo.ports import write_buffer
from manchengo_postgres import PostgresStore
from manchengo_postgres.errors import StorageError
from tests.support.dairy import A_DAIRY, litres, received
from tests.support.fork_server import Process, start
from tests.support.given import BOSS, open_dairy, somebody

# ---------------------------------------------------------------- what there is to push


def the_registers() -> list[Offered]:
    """Suppliers, products and recipes, as the office recorded them."""
    return written_by(open_office())


def a_phone(number: int, *, lots: int) -> list[Offered]:
    """What one phone recorded: so many lots received. In every process the same, to the byte."""
    office = open_office()
    phone = open_dairy(office.store, actor=somebody(*BOSS.roles, device=number))
    return written_by(phone, *[received(f"{number}-{lot}", litres(1)) for lot in range(lots)])


def open_office() -> Manchengo:
    office = open_dairy(MemoryStore())
    for command in A_DAIRY:
        office.execute(command)
    return office


def written_by(dairy: Manchengo, *commands: Command) -> list[Offered]:
    written = [dairy.execute(command) for command in commands]
    if not written:
        with dairy.store.reading() as snapshot:
            written = list(snapshot.commits())
    return [Offered(commit=commit, signature=b"signed") for commit in written]


def push(store: PostgresStore, offers: list[Offered], *, at_once: int = 5) -> None:
    """As a server does it: so many commits a transaction."""
    state_cache = StateCache()
    for first in range(0, len(offers), at_once):
        some = offers[first : first + at_once]
        with store.writing() as transaction:
            answer = receive(
                transaction, some, received_at=START_OF_MEMORY, state_cache=state_cache
            )
        assert answer.stopped is None, answer.stopped


# ---------------------------------------------------------------- the tasks


def push_all(store: PostgresStore, phones: str, lots: str) -> None:
    """Push what every phone recorded, the phones in an order of one's own."""
    queues = [a_phone(number, lots=int(lots)) for number in range(2, 2 + int(phones))]
    random.shuffle(queues)
    say("ready")
    sys.stdin.readline()
    for queue in queues:
        push(store, queue)


def push_one_by_one(store: PostgresStore, lots: str) -> None:
    """Say the number of each lot once it is acknowledged."""
    for number, offered in enumerate(a_phone(2, lots=int(lots))):
        push(store, [offered])
        say(number)


def hold_the_counter(store: PostgresStore) -> None:
    """Stay in a transaction that has written something, until told to go on."""
    (offered, *_) = a_phone(2, lots=1)
    try:
        with store.writing() as transaction:
            receive(transaction, [offered], received_at=START_OF_MEMORY, state_cache=StateCache())
            transaction.flush()
            say("held")
            sys.stdin.readline()
    except StorageError as error:
        say(type(error).__name__)
    else:
        say("kept")


def fork(store: PostgresStore) -> None:
    """A child of ``fork`` tries what its parent opened; the parent goes on."""
    with store.reading() as snapshot:
        snapshot.setting("name")
    child = os.fork()
    if child == 0:
        for attempt in (store.reading, store.writing):
            try:
                with attempt():
                    pass
            except StorageError as error:
                say(type(error).__name__)
        os._exit(0)
    os.waitpid(child, 0)
    with store.writing() as transaction:
        transaction.set_setting("name", "value")


BEFORE_OPENING = ("make_views_anew_slowly", "open_on_a_signal")
"""The tasks that open the plant themselves."""


def make_views_anew_slowly(url: str, plant: str) -> None:
    """Stop in the middle of filling them, until told to go on."""
    refill.BATCH = write_buffer.ROWS_BUFFERED = 5  # type: ignore[attr-defined]
    waited: list[int] = []

    def stop(done: int, whole: int) -> None:
        if done > whole // 2 and not waited:
            waited.append(done)
            say("half way")
            sys.stdin.readline()

    PostgresStore.open(url, plant=plant, progress=stop).close()
    say("made")


def open_on_a_signal(url: str, plant: str) -> None:
    """Say whether it made views anew."""
    steps: list[tuple[int, int]] = []
    say("ready")
    sys.stdin.readline()
    # Whoever waits for the one that does it waits for as long as it takes.
    with PostgresStore.open(
        url, plant=plant, patience=0.2, progress=lambda *step: steps.append(step)
    ):
        say("made" if steps else "found")


def say(word: object) -> None:
    print(word, flush=True)


# ---------------------------------------------------------------- how a test starts them


STARTED: list[Process] = []


def elsewhere(task: str, url: str, plant: UUID, *words: object, longest: float = 300.0) -> Process:
    work = partial(run_task, task, url, str(plant), longest, *map(str, words))
    process = start(work, env=os.environ, stdin=subprocess.PIPE)
    STARTED.append(process)
    return process


def run_task(task: str, url: str, plant: str, longest: float, *words: str) -> None:
    """What the process does: the task, on the plant that it opens."""
    if task in BEFORE_OPENING:
        globals()[task](url, plant, *words)
    else:
        with PostgresStore.open(url, plant=plant, longest=longest) as opened:
            globals()[task](opened, *words)
