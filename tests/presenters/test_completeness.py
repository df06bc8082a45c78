"""A recall says in a sentence up to when it is complete, and for which devices it waits."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from manchengo import Completeness, DeviceHeard, DeviceId
from manchengo_presenters.completeness import completeness_lines, completeness_shape, state

NOW = datetime(2026, 11, 27, 8, 42, tzinfo=UTC)


def heard(name: str, ago: timedelta | None, **how: Any) -> DeviceHeard:
    fields: dict[str, Any] = {"withdrawn": "", "is_reached": True, "is_heard_since": True} | how
    return DeviceHeard(
        device_id=DeviceId(UUID(int=1)),
        name=name,
        mark="C",
        heard_until=None if ago is None else NOW - ago,
        **fields,
    )


def silent(name: str, ago: timedelta | None) -> DeviceHeard:
    return heard(name, ago, is_heard_since=False)


def sentences(*devices: DeviceHeard, pending: int = 0, known: datetime | None = NOW) -> str:
    found = Completeness(
        now=NOW, is_alone=False, known_until=known, pending=pending, devices=devices
    )
    return " ".join(completeness_lines(found)).replace("\u00a0", " ")


def at(instant: datetime) -> str:
    return f"{instant.astimezone():%d/%m/%Y %H:%M}"


def test_complete_but_for_a_silent_telephone() -> None:
    text = sentences(heard("bureau", timedelta()), silent("téléphone-3", timedelta(days=2)))
    assert text.startswith(
        f"Complet jusqu’au {at(NOW)}, sauf téléphone-3, muet depuis 2 jours. "
        "Ce qui y a été enregistré peut manquer ici. Faites-le échanger"
    )


def test_several_silent_devices_are_named() -> None:
    text = sentences(
        silent("a", None), silent("b", timedelta(minutes=50)), silent("c", timedelta(hours=3))
    )
    assert "sauf a, jamais entendu, b, muet depuis 50 minutes, c, muet depuis 3 heures." in text
    assert "Faites-les échanger" in text


def test_a_lost_telephone_is_said_to_be_withdrawn() -> None:
    text = sentences(heard("téléphone-2", timedelta(days=40), withdrawn="perdu"))
    assert "sauf téléphone-2 (retiré), muet depuis 40 jours." in text


def test_complete_up_to_the_oldest_word() -> None:
    text = sentences(heard("van", timedelta(hours=5)), heard("bureau", timedelta(minutes=1)))
    assert text == f"Complet jusqu’au {at(NOW - timedelta(hours=5))}."


def test_what_waits_here_is_counted() -> None:
    assert sentences(pending=1).endswith(
        "1 enregistrement de cet appareil est compris dans la réponse et n’a pas encore été envoyé."
    )
    assert "3 enregistrements de cet appareil sont compris" in sentences(pending=3)


def test_a_device_that_never_exchanged_says_so() -> None:
    assert sentences(known=None) == (
        "Cet appareil n’a jamais échangé : rien des autres n’est ici. "
        "Faites-le échanger avec le serveur, puis redemandez."
    )


def test_what_screens_show_too_names_no_command() -> None:
    said = (
        sentences(known=None),
        sentences(silent("a", None), pending=2),
        sentences(silent("a", None), silent("b", timedelta(hours=3))),
    )
    assert not any("manchengo" in each for each in said)


def test_a_device_alone_is_complete() -> None:
    alone = Completeness(now=NOW, is_alone=True, known_until=None, pending=0, devices=())
    assert [*completeness_lines(alone)] == [
        "Complet\u00a0: ce poste est seul, il n’échange avec aucun autre."
    ]
    shape = completeness_shape(alone)
    assert (shape["alone"], shape["complete_until"], shape["devices"]) == (True, None, [])


def test_the_lot_of_each_device_is_told_in_a_few_words() -> None:
    assert [
        state(heard("a", timedelta())),
        state(silent("b", None)),
        state(heard("c", timedelta(), is_reached=False)),
        state(heard("d", timedelta(), withdrawn="perdu")),
    ] == [
        "entendu depuis qu’il l’a",
        "pas entendu depuis",
        "ne lui est pas parvenu",
        "retiré",
    ]
