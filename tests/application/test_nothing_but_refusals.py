"""Whatever is asked, in whatever order, is done or refused: a fault of ours is never an answer."""

from contextlib import suppress
from random import Random

from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from manchengo import Manchengo, Refused
from manchengo.domain import ids
from manchengo.domain.commit import Verdict
from manchengo.domain.ids import CommitId, LotId
from manchengo.ports.rows import ResolutionItemRow
from tests.support.anything import A_MORNING, DAYS, END_OF_DAYS, KNOWN, Anything, InOneFile, Step
from tests.support.dairy import an_id
from tests.support.given import open_dairy
from tests.support.plant import Plant

SEEDS = st.integers(0, 2**32 - 1)


def attempt(dairy: Manchengo, step: Step, name: str) -> None:
    """Ask for it; whatever is raised but a refusal goes through."""
    if not isinstance(step, InOneFile):
        with suppress(Refused):
            dairy.execute(step)
        return
    with dairy.batch(import_id=step.import_id) as batch:
        for place, command in enumerate(step):
            with suppress(Refused):
                batch.execute(command, command_id=CommitId(an_id(f"{name}, row {place}")))


def asks_everything(dairy: Manchengo) -> None:
    for day in {*DAYS, *END_OF_DAYS}:
        dairy.stock.by_product(at=day)
    for lot_id in KNOWN[ids.LotId]:
        for question in (dairy.trace, dairy.simulate_recall):
            with suppress(Refused):
                question(LotId(lot_id))
    verdict = dairy.verify()
    assert verdict.sound, verdict.tampered


@settings(max_examples=60)
@for_all(seed=SEEDS, steps=st.integers(20, 80))
def test_a_dairy_answers_or_refuses(seed: int, steps: int) -> None:
    dairy, anything = open_dairy(), Anything(Random(seed))
    for command in A_MORNING:
        dairy.execute(command)
    for number in range(steps):
        attempt(dairy, anything.step(), f"step {number}")
    asks_everything(dairy)


@settings(max_examples=20)
@for_all(seed=SEEDS, rounds=st.integers(1, 4))
def test_two_devices_agree_and_nothing_of_theirs_is_unreadable(seed: int, rounds: int) -> None:
    plant, anything = Plant(), Anything(Random(seed))
    devices = plant.device(), plant.device()
    devices[0].does(A_MORNING)
    plant.settle()
    for round_ in range(rounds):
        for device in devices:
            for number in range(10):
                attempt(device.dairy, anything.step(), f"{round_} {number} on {device.id}")
        exchanged(plant)
        with plant.store.reading() as snapshot:
            anything.items = [item.id for item in snapshot.rows(ResolutionItemRow)]
    with plant.store.reading() as snapshot:
        parked = [each.reason for each in snapshot.entries() if each.verdict is Verdict.PARKED]
    assert parked == []
    assert len(plant.digests()) == 1
    for device in devices:
        asks_everything(device.dairy)


def exchanged(plant: Plant) -> None:
    """Everybody knows everything; no guess was dropped on the way."""
    for _ in range(2):
        for device in plant.devices:
            device.push()
            assert device.pull().dropped == []
    plant.settle()
