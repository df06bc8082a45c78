"""What a lying server may still say, refuse what the rules allow, is found by judging again."""

import pytest

from manchengo import MemoryStore
from manchengo.application.judged_otherwise import judged_otherwise
from manchengo.application.judgement import Rejected
from manchengo.application.replication import verdicts
from manchengo.domain.commit import Verdict
from manchengo.domain.errors import ReasonMissing
from manchengo.ports.store import Store
from tests.attacks.lying import Plant, a_plant_that_signs
from tests.attacks.restored import A_MORNING
from tests.support.dairy import litres, received, written_off

pytestmark = pytest.mark.usefixtures("on_each_database")


def otherwise(store: Store) -> list[tuple[int, Verdict, Verdict]]:
    with store.reading() as snapshot:
        return [
            (found.entry.global_seq, found.entry.verdict, found.verdict)
            for found in judged_otherwise(snapshot, scratch=MemoryStore())
        ]


def a_day(plant: Plant) -> None:
    """With people, keys, a device that comes and goes, and a commit that is refused."""
    late = plant.server.another_device("quai")
    for device in (plant.office, late):
        device.does(written_off("L1", litres(60)))
    for device in (plant.office, late):
        device.syncs()
    plant.server.service.withdraw(late.id, "perdu", by=None)
    plant.reader.syncs()


def test_of_an_honest_server_every_verdict_stands() -> None:
    plant = a_plant_that_signs(*A_MORNING)
    a_day(plant)
    assert Verdict.REJECTED in {entry.verdict for entry in plant.log()}
    assert otherwise(plant.store) == otherwise(plant.reader.store) == []


def test_what_it_refused_without_a_rule_every_device_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    plant = a_plant_that_signs(*A_MORNING)
    plant.office.does(written_off("L1", litres(5)))
    with monkeypatch.context() as lying:
        refusal = ReasonMissing(step="write_off")
        lying.setattr(verdicts, "judge", lambda *_given, **_named: Rejected(refusal))
        plant.server.service.push(plant.office.request(), by=plant.office.id)
    place = plant.log()[-1].global_seq
    assert plant.reader.syncs().broken_off is None, "a refusal may follow from any commit"
    assert plant.reader.verify().sound
    assert otherwise(plant.reader.store) == [(place, Verdict.REJECTED, Verdict.ACCEPTED)]
    plant.office.syncs()
    plant.office.does(received("L2", litres(5)))
    plant.office.syncs()
    plant.reader.syncs()
    assert len(otherwise(plant.reader.store)) == 1, "what comes behind it is judged on it"
