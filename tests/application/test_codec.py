"""Stored bytes are readable for ever, and the same value gives the same bytes everywhere."""

from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, get_args
from uuid import UUID

import msgspec
import pytest
from attrs import evolve, frozen

from manchengo import Commit, Role, codec, commands
from manchengo.codec import Codec, Damaged, UnknownEvent
from manchengo.commands import COMMANDS
from manchengo.domain.access import RegisterUser
from manchengo.domain.aggregates import AGGREGATES
from manchengo.domain.commit import NO_HASH, Authorship, Recorded, Seen
from manchengo.domain.ids import CommitId, DeviceId, EventId, ImportId, UserId
from manchengo.events import EVENTS, Event
from manchengo.schemas import Json, Schema
from tests.support import golden

FILES = sorted(golden.FOLDER.glob("*.json"))

# -------------------------------------------------------------------------- what was ever shipped


def named(path: Path) -> tuple[str, int, bytes]:
    """The name, the version and the payload that a golden file holds."""
    name, _, version = path.stem.rpartition(".v")
    return name, int(version), path.read_bytes().removesuffix(b"\n")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_event_ever_shipped_is_read(path: Path) -> None:
    name, version, payload = named(path)
    event = codec.events.decode(name, version, payload)
    assert codec.events.name(event) == name


@pytest.mark.parametrize(
    "path",
    [path for path in FILES if named(path)[1] == EVENTS[named(path)[0]].version],
    ids=lambda path: path.stem,
)
def test_an_event_of_today_is_written_to_the_same_bytes(path: Path) -> None:
    name, version, payload = named(path)
    assert codec.events.encode(codec.events.decode(name, version, payload)) == payload


def test_every_event_of_today_has_its_example() -> None:
    assert golden.missing() == [], "python -m tests.support.golden writes what is missing"


def test_there_is_an_example_to_write_of_every_event() -> None:
    assert {codec.events.name(event) for event in golden.EXAMPLES} == set(EVENTS)


def test_an_example_that_is_there_is_never_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(golden, "FOLDER", tmp_path)
    old = tmp_path / "lot.blocked.v1.json"
    old.write_bytes(b"as it was")
    golden.main()
    assert old.read_bytes() == b"as it was"
    assert len(list(tmp_path.iterdir())) == len(EVENTS)


# ------------------------------------------------------------------------------------------ names


def test_every_name_of_an_event_begins_with_that_of_its_aggregate() -> None:
    kinds = {name.partition(".")[0] for name in EVENTS}
    assert kinds - {"entries"} == set(AGGREGATES)


@pytest.mark.parametrize("table", [EVENTS, COMMANDS])
def test_no_two_names_mean_the_same_class(table: dict[str, Schema[Any]]) -> None:
    assert len({schema.type for schema in table.values()}) == len(table)


def test_every_command_of_an_aggregate_is_in_the_table() -> None:
    assert {schema.type for schema in COMMANDS.values()} == set(get_args(commands.Command))


def test_every_event_of_an_aggregate_is_in_the_table() -> None:
    assert {schema.type for schema in EVENTS.values()} == set(get_args(Event))


def test_every_command_is_imported_from_one_place() -> None:
    assert {schema.type.__name__ for schema in COMMANDS.values()} <= set(commands.__all__)


# ------------------------------------------------------------------------ from version to version


@frozen
class Poured:
    """Today's event: litres became millilitres in version 2, and a vat was named in version 3."""

    vat: str
    millilitres: int


def in_millilitres(document: Json) -> Json:
    litres = document.pop("litres")
    return document | {"millilitres": litres * 1000}


def with_its_vat(document: Json) -> Json:
    return document | {"vat": "the only one"}


TABLE = Codec({"milk.poured": Schema(Poured, upcasters=(in_millilitres, with_its_vat))})


@pytest.mark.parametrize(
    ("version", "payload", "event"),
    [
        (1, b'{"litres":5}', Poured("the only one", 5000)),
        (2, b'{"millilitres":5}', Poured("the only one", 5)),
        (3, b'{"vat":"B","millilitres":5}', Poured("B", 5)),
    ],
)
def test_each_past_version_is_led_step_by_step_to_today(
    version: int, payload: bytes, event: Poured
) -> None:
    assert TABLE.decode("milk.poured", version, payload) == event


def test_a_version_is_counted_by_what_leads_to_it() -> None:
    assert TABLE.version("milk.poured") == 3
    assert TABLE.encode(Poured("B", 5)) == b'{"millilitres":5,"vat":"B"}'


# ---------------------------------------------------------------------------- what cannot be read


@pytest.mark.parametrize(("name", "version"), [("milk.skimmed", 1), ("milk.poured", 4)])
def test_what_a_newer_program_wrote_is_not_guessed_at(name: str, version: int) -> None:
    with pytest.raises(UnknownEvent) as caught:
        TABLE.decode(name, version, b'{"vat":"B","millilitres":5}')
    assert (caught.value.name, caught.value.version) == (name, version)


@pytest.mark.parametrize(
    ("version", "payload"),
    [
        (3, b""),
        (3, b"{"),
        (3, b"[]"),
        (3, b'{"vat":"B"}'),
        (3, b'{"vat":"B","millilitres":"5"}'),
        (3, b"\xff\xfe"),
        (1, b'{"millilitres":5}'),
        (1, b'{"litres":"five"}'),
        (1, b'"litres"'),
        (2, b"7"),
        (0, b'{"vat":"B","millilitres":5}'),
        (-1, b'{"vat":"B","millilitres":5}'),
    ],
)
def test_garbled_bytes_are_said_to_be_damaged(version: int, payload: bytes) -> None:
    with pytest.raises(Damaged) as caught:
        TABLE.decode("milk.poured", version, payload)
    assert (caught.value.name, caught.value.version) == ("milk.poured", version)
    assert caught.value.why


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        (
            "lot.counted",
            b'{"counted":{"thousandths":-1,"unit":"kg"},"on":"2026-01-05","reason":""}',
        ),
        ("lot.counted", b'{"counted":{"thousandths":1,"unit":"mi"},"on":"2026-01-05","reason":""}'),
        ("lot.counted", b'{"counted":{"thousandths":1,"unit":"kg"},"on":"2026-02-30","reason":""}'),
        ("entries.undone", b'{"entries":0,"import_id":"00000000-0000-0000-0000-000000000000"}'),
    ],
)
def test_an_impossible_value_is_damage_too(name: str, payload: bytes) -> None:
    with pytest.raises(Damaged):
        codec.events.decode(name, 1, payload)


ODD = (b"{}", b'{"lines": ["x"]}', b'{"lines": 7}', b'{"lines": {"a": 1}}', b'{"facts": [[]]}')


@pytest.mark.parametrize("payload", ODD)
@pytest.mark.parametrize("table", [EVENTS, COMMANDS], ids=["events", "commands"])
def test_of_a_past_version_too_odd_bytes_are_damage_and_nothing_else(
    table: dict[str, Schema[Any]], payload: bytes
) -> None:
    """What leads to today's version expects what a program of then wrote."""
    reader = codec.events if table is EVENTS else codec.commands
    for name, schema in table.items():
        for version in range(1, schema.version):
            with suppress(Damaged):
                reader.decode(name, version, payload)


# --------------------------------------------------------------------------------------- the hash

A_COMMIT = Commit(
    id=CommitId(UUID(int=1)),
    device_id=DeviceId(UUID(int=2)),
    user_id=UserId(UUID(int=3)),
    sequence=4,
    occurred_at=datetime(2026, 1, 5, 8, 0, 0, 123_456, tzinfo=UTC),
    hlc="000001767600000-000000-00000002",
    on=date(2026, 1, 5),
    command_type="lot.block",
    command_version=1,
    command=b'{"lot_id":"x"}',
    import_id=None,
    events=(
        Recorded(
            id=EventId(UUID(int=5)),
            aggregate_type="lot",
            aggregate_id=UUID(int=6),
            event_type="lot.blocked",
            schema_version=1,
            payload=b'{"on":"2026-01-05","reason":"x"}',
            version=2,
        ),
        Recorded(
            id=EventId(UUID(int=7)),
            aggregate_type="lot",
            aggregate_id=UUID(int=8),
            event_type="lot.blocked",
            schema_version=1,
            payload=b"{}",
            version=9,
        ),
    ),
    previous=NO_HASH,
    hash=NO_HASH,
)


def test_the_hash_of_a_commit_is_the_same_in_every_version_of_the_program() -> None:
    """Were it to change, every log in the country would seem tampered with."""
    sealed = "ade5db16ad19d3b493b06268bfc6132144be3f170ca8f58a092cef94daa79e0a"
    assert codec.commit_hash(A_COMMIT).hex() == sealed


AN_AUTHORSHIP = Authorship(
    key=bytes(range(32)),
    family_id=DeviceId(UUID(int=2)),
    plant_id=UUID(int=10),
    sequence=3,
    previous=bytes(31) + b"\2",
    seen=Seen(log_epoch="first", global_seq=5, log_hash=bytes(31) + b"\3"),
    signature=bytes(range(64)),
)


def test_the_hash_an_author_signs_is_the_same_in_every_version_of_the_program() -> None:
    signed = "43203044a1960345c5ca880ce8f0e6c34e7d0a33451c46943ac0d30f81c38ef9"
    assert codec.authored_hash(A_COMMIT, AN_AUTHORSHIP).hex() == signed
    sealed = "dc659b42f4858c204ba224e2cbd76bfe08a5f5e7f34e8346a878c3ffde3faad0"
    assert codec.commit_hash(evolve(A_COMMIT, authorship=AN_AUTHORSHIP)).hex() == sealed


def seen(**change: Any) -> Authorship:
    return evolve(AN_AUTHORSHIP, seen=evolve(AN_AUTHORSHIP.seen, **change))


@pytest.mark.parametrize(
    "changed",
    [
        evolve(AN_AUTHORSHIP, key=bytes(32)),
        evolve(AN_AUTHORSHIP, family_id=DeviceId(UUID(int=9))),
        evolve(AN_AUTHORSHIP, plant_id=UUID(int=9)),
        evolve(AN_AUTHORSHIP, plant_id=None),
        evolve(AN_AUTHORSHIP, sequence=4),
        evolve(AN_AUTHORSHIP, previous=NO_HASH),
        seen(log_epoch="second"),
        seen(global_seq=6),
        seen(log_hash=NO_HASH),
    ],
)
def test_an_author_signs_every_part_of_it(changed: Authorship) -> None:
    authored = codec.authored_hash(A_COMMIT, AN_AUTHORSHIP)
    assert codec.authored_hash(A_COMMIT, changed) != authored
    one, other = (evolve(A_COMMIT, authorship=each) for each in (AN_AUTHORSHIP, changed))
    assert codec.commit_hash(one) != codec.commit_hash(other)


def test_the_seal_covers_the_authors_signature_which_is_not_signed_itself() -> None:
    other = evolve(AN_AUTHORSHIP, signature=bytes(64))
    assert codec.authored_hash(A_COMMIT, other) == codec.authored_hash(A_COMMIT, AN_AUTHORSHIP)
    one, another = (evolve(A_COMMIT, authorship=each) for each in (AN_AUTHORSHIP, other))
    assert codec.commit_hash(one) != codec.commit_hash(another)


@pytest.mark.parametrize(
    "carried",
    [
        evolve(A_COMMIT, device_id=DeviceId(UUID(int=9))),
        evolve(A_COMMIT, sequence=9),
        evolve(A_COMMIT, previous=bytes(31) + b"\1"),
    ],
)
def test_what_carries_a_commit_changes_its_seal_and_not_what_its_author_signed(
    carried: Commit,
) -> None:
    authored = codec.authored_hash(A_COMMIT, AN_AUTHORSHIP)
    assert codec.authored_hash(carried, AN_AUTHORSHIP) == authored
    one, other = (evolve(each, authorship=AN_AUTHORSHIP) for each in (A_COMMIT, carried))
    assert codec.commit_hash(one) != codec.commit_hash(other)


@pytest.mark.parametrize("authorship", [AN_AUTHORSHIP, evolve(AN_AUTHORSHIP, plant_id=None), None])
def test_an_authors_part_is_read_as_it_was_stored(authorship: Authorship | None) -> None:
    assert codec.decode_authorship(codec.encode_authorship(authorship)) == authorship


@pytest.mark.parametrize("damage", ["longer", "shorter", "another number's spelling"])
def test_an_authors_part_in_another_spelling_is_damage(damage: str) -> None:
    stored = codec.encode_authorship(AN_AUTHORSHIP)
    assert stored is not None
    damaged = {
        "longer": stored + b"\0",
        "shorter": stored[:-1],
        "another number's spelling": stored.replace(b"\x03\xc4 ", b"\xcc\x03\xc4 ", 1),
    }[damage]
    assert damaged != stored
    with pytest.raises(ValueError, match=r"."):
        codec.decode_authorship(damaged)


def first_event(**change: Any) -> Commit:
    return evolve(A_COMMIT, events=(evolve(A_COMMIT.events[0], **change), A_COMMIT.events[1]))


@pytest.mark.parametrize(
    "changed",
    [
        evolve(A_COMMIT, id=CommitId(UUID(int=9))),
        evolve(A_COMMIT, device_id=DeviceId(UUID(int=9))),
        evolve(A_COMMIT, user_id=UserId(UUID(int=9))),
        evolve(A_COMMIT, sequence=9),
        evolve(A_COMMIT, occurred_at=datetime(2026, 1, 5, 8, 0, 0, 123_457, tzinfo=UTC)),
        evolve(A_COMMIT, hlc="000001767600000-000001-00000002"),
        evolve(A_COMMIT, on=date(2026, 1, 6)),
        evolve(A_COMMIT, command_type="lot.release"),
        evolve(A_COMMIT, command_version=2),
        evolve(A_COMMIT, command=b'{"lot_id":"y"}'),
        evolve(A_COMMIT, import_id=ImportId(UUID(int=9))),
        evolve(A_COMMIT, previous=bytes(31) + b"\1"),
        evolve(A_COMMIT, events=A_COMMIT.events[:1]),
        evolve(A_COMMIT, events=A_COMMIT.events[::-1]),
        first_event(id=EventId(UUID(int=9))),
        first_event(aggregate_type="product"),
        first_event(aggregate_id=UUID(int=9)),
        first_event(event_type="lot.released"),
        first_event(schema_version=2),
        first_event(version=3),
        first_event(payload=b'{"on":"2026-01-05","reason":"y"}'),
    ],
)
def test_the_hash_covers_every_part_of_a_commit(changed: Commit) -> None:
    assert codec.commit_hash(changed) != codec.commit_hash(A_COMMIT)
    one, other = (evolve(each, authorship=AN_AUTHORSHIP) for each in (A_COMMIT, changed))
    assert codec.commit_hash(one) != codec.commit_hash(other)


def test_the_hash_does_not_cover_itself() -> None:
    sealed = codec.sealed(A_COMMIT)
    assert sealed.hash == codec.commit_hash(A_COMMIT) == codec.commit_hash(sealed)


def test_bytes_do_not_pass_from_one_part_to_the_next() -> None:
    """Without the lengths, a command ending in "a" before "b" would hash as one before "ab"."""
    one = evolve(A_COMMIT, events=(), previous=b"a" * 32, command=b"bc")
    other = evolve(A_COMMIT, events=(), previous=b"a" * 32 + b"b", command=b"c")
    assert codec.commit_hash(one) != codec.commit_hash(other)


def test_keys_are_sorted_so_that_devices_agree_on_the_bytes() -> None:
    for event in golden.EXAMPLES:
        document = msgspec.json.decode(codec.events.encode(event))
        assert list(document) == sorted(document)


def test_what_has_no_order_of_its_own_is_written_in_one_order_everywhere() -> None:
    """Else a command said again after a restart would not be known for the one it was."""
    boss = RegisterUser(user_id=UserId(UUID(int=1)), name="Karim", roles=frozenset(Role))
    roles = msgspec.json.decode(codec.commands.encode(boss))["roles"]
    assert roles == sorted(Role)
