"""Two programs of different ages: each says what it reads, and is told apart from that."""

import json
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from manchengo.application.unread import rebuild_readable
from manchengo_sync import programs, settings, wire
from manchengo_sync.link import Link
from manchengo_sync.programs import age, age_here
from manchengo_sync.wire import Age, NotUnderstood, PushRequest, PushResponse
from tests.simulation.programs import Program
from tests.support.dairy import A_DAIRY, litres, quarantined, received
from tests.sync.plant import Device, Plant
from tests.sync.test_http import ANSWER
from tests.sync.test_snapshot import file_of, starts

OF_TODAY = wire.schema_max()
NEWER = {**OF_TODAY, "lot.sung_to": 1}
READS = st.dictionaries(st.sampled_from("abc"), st.integers(1, 3))
MIRRORED = {Age.OLDER: Age.NEWER, Age.NEWER: Age.OLDER}


@pytest.mark.parametrize(
    ("own", "other", "expected"),
    [
        ({"a": 1}, {"a": 1}, Age.SAME),
        ({"a": 1}, {"a": 1, "b": 1}, Age.OLDER),
        ({"a": 1}, {"a": 2}, Age.OLDER),
        ({"a": 2}, {"a": 1}, Age.NEWER),
        ({"a": 1, "b": 1}, {"a": 1}, Age.NEWER),
        ({"a": 1, "b": 1}, {"a": 2}, Age.APART),
    ],
)
def test_who_reads_more_is_newer(own: dict[str, int], other: dict[str, int], expected: Age) -> None:
    assert age(own, other) is expected


@given(one=READS, other=READS)
def test_what_one_is_to_the_other_the_other_is_mirrored(
    one: dict[str, int], other: dict[str, int]
) -> None:
    there = age(one, other)
    assert age(other, one) is MIRRORED.get(there, there)
    assert (there is Age.SAME) == (one == other)


def test_commands_are_named_too_as_a_commit_is_parked_for_either() -> None:
    assert {"lot.quarantine", "lot.quarantined"} <= OF_TODAY.keys()


# ---------------------------------------------------------------- what is said of it


def a_request() -> dict[str, Any]:
    plant = Plant()
    plant.device().syncs()
    request: dict[str, Any] = json.loads(wire.encode(plant.server.asked[0]))
    return request


@pytest.mark.parametrize(
    "versions",
    [
        {f"event.{number}": 1 for number in range(wire.MOST_NAMES + 1)},
        {"x" * (wire.LONGEST_NAME + 1): 1},
        {"a": wire.HIGHEST_VERSION + 1},
        {"a": 10**40},
        {"a": 0},
        {"a": -1},
        {"a": "1"},
        {"a": 1.5},
        {"a": None},
        ["a"],
        None,
    ],
    ids=lambda versions: str(versions)[:20],
)
def test_what_no_program_says_of_itself_is_not_understood(versions: object) -> None:
    with pytest.raises(NotUnderstood):
        wire.decode(json.dumps({**a_request(), "schema_max": versions}).encode(), PushRequest)


def test_as_much_as_any_program_will_say_is_understood() -> None:
    most = {f"event.{number}".ljust(wire.LONGEST_NAME, "x"): 1 for number in range(wire.MOST_NAMES)}
    read = wire.decode(json.dumps({**a_request(), "schema_max": most}).encode(), PushRequest)
    assert read.schema_max == most


def test_an_answer_of_a_server_that_says_nothing_of_its_program_is_understood() -> None:
    answer = json.loads(wire.encode(an_answer(NEWER)))
    del answer["schema_max"]
    read = wire.decode(json.dumps(answer).encode(), PushResponse)
    assert read.schema_max is None


def test_what_a_later_server_says_beside_is_passed_over() -> None:
    answer = {**json.loads(wire.encode(an_answer(NEWER))), "sung": "la la"}
    assert wire.decode(json.dumps(answer).encode(), PushResponse) == an_answer(NEWER)


def an_answer(schema_max: dict[str, int] | None) -> PushResponse:
    return evolve(ANSWER, schema_max=schema_max)


# ---------------------------------------------------------------- on the device


def age_seen_by(phone: Device, versions: dict[str, int] | None) -> Age:
    phone.link = Answering(versions)
    return phone.exchanges().program


class Answering(Link):
    """A server that has nothing new but its program."""

    def __init__(self, versions: dict[str, int] | None) -> None:
        self._versions = versions

    def push(self, _request: PushRequest) -> PushResponse:
        return an_answer(self._versions)

    def renew(self, _request: wire.RenewRequest) -> wire.EnrolResponse:
        raise AssertionError("nobody has a twin here")


def kept(phone: Device) -> Age:
    with phone.store.reading() as snapshot:
        return age_here(snapshot)


def test_a_device_knows_that_the_server_reads_more_until_it_hears_otherwise() -> None:
    phone = Plant().device()
    assert kept(phone) is Age.SAME
    assert age_seen_by(phone, NEWER) is kept(phone) is Age.OLDER
    assert age_seen_by(phone, {"lot.received": 1}) is kept(phone) is Age.NEWER
    assert age_seen_by(phone, {"lot.sung_to": 1}) is kept(phone) is Age.APART
    assert age_seen_by(phone, None) is kept(phone) is Age.SAME


def test_once_updated_it_does_not_ask_to_be_updated(monkeypatch: pytest.MonkeyPatch) -> None:
    phone = Plant().device()
    age_seen_by(phone, NEWER)
    monkeypatch.setattr(wire, "schema_max", lambda: NEWER)
    assert kept(phone) is Age.SAME


def test_what_was_heard_before_is_not_written_again(monkeypatch: pytest.MonkeyPatch) -> None:
    phone = Plant().device()
    age_seen_by(phone, NEWER)
    phone.set(settings.SERVER_READS, phone.setting(settings.SERVER_READS) or "")
    monkeypatch.setattr(
        type(phone.store), "writing", lambda *_, **__: pytest.fail("nothing is written")
    )
    assert programs.note_server(phone.store, dict(reversed(NEWER.items()))) is Age.OLDER


def test_an_older_program_starts_from_a_newer_one_s_snapshot_and_loses_nothing() -> None:
    plant = Plant()
    plant.device().does(*A_DAIRY, received("L1", litres(5)), quarantined("L1"))
    plant.settle()
    file = file_of(plant.server)
    phone = plant.device()
    with Program("older", frozenset({"lot.quarantined", "lot.quarantine"})).running():
        started = starts(phone, file)
    assert started.whole, started.why
    assert phone.log() == plant.server.log()
    with phone.store.writing() as transaction:
        rebuild_readable(transaction)
    plant.settle()
