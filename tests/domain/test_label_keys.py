"""Keys for labels: numbered without a gap, sealed for each device, withdrawn for a reason."""

from uuid import UUID

import pytest

from manchengo.domain.errors import NothingToDo, ReasonMissing, Refused
from manchengo.domain.ids import DeviceId
from manchengo.domain.label_keys import (
    NONE_MADE,
    GrantLabelKey,
    LabelKeyCommand,
    LabelKeyCopy,
    LabelKeyOutOfTurn,
    LabelKeys,
    LabelKeysRequested,
    MakeLabelKey,
    NotASealedKey,
    RequestLabelKeys,
    WithdrawLabelKey,
    decide,
    evolve,
    is_said_by,
)
from manchengo.domain.person_keys import NotAKey

OFFICE = LabelKeyCopy(device_id=DeviceId(UUID(int=1)), box_key="11" * 32, sealed="aa")
PHONE = LabelKeyCopy(device_id=DeviceId(UUID(int=2)), box_key="22" * 32, sealed="bb")


def make(number: int, *copies: LabelKeyCopy) -> MakeLabelKey:
    return MakeLabelKey(number=number, fingerprint="ab" * 32, copies=copies or (OFFICE,))


def after(*commands: LabelKeyCommand) -> LabelKeys:
    known = NONE_MADE
    for command in commands:
        for event in decide(known, command):
            assert is_said_by(command, event)
            known = evolve(known, event)
    return known


def test_each_key_has_the_number_that_follows() -> None:
    known = after(make(1), make(2, OFFICE, PHONE))
    assert [(key.number, len(key.copies)) for key in known.keys] == [(1, 1), (2, 2)]
    for number in (0, 2, 4, -1):
        with pytest.raises(LabelKeyOutOfTurn) as refused:
            decide(known, make(number))
        assert (refused.value.number, refused.value.following) == (number, 3)


def test_a_device_asks_once_and_is_given_the_key_once() -> None:
    asked = RequestLabelKeys(device_id=PHONE.device_id, box_key=PHONE.box_key)
    given = GrantLabelKey(number=1, copies=(OFFICE, PHONE))
    known = after(make(1), asked, given)
    assert known.requests == (LabelKeysRequested(device_id=PHONE.device_id, box_key=PHONE.box_key),)
    assert known.keys[0].copies == (OFFICE, PHONE)
    assert decide(known, asked) == decide(known, given) == ()


def test_a_key_is_withdrawn_once_and_for_a_reason() -> None:
    withdraw = WithdrawLabelKey(number=1, reason=" photographiée ")
    known = after(make(1), make(2), withdraw)
    assert [key.withdrawn for key in known.keys] == ["photographiée", ""]
    assert decide(known, withdraw) == ()
    with pytest.raises(ReasonMissing):
        decide(known, WithdrawLabelKey(number=2, reason=" "))


def test_what_is_no_sealed_copy_is_refused() -> None:
    for sealed in ("", "b", "zz", "b" * 1026):
        copy = LabelKeyCopy(device_id=PHONE.device_id, box_key=PHONE.box_key, sealed=sealed)
        with pytest.raises(NotASealedKey):
            decide(NONE_MADE, make(1, copy))


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (MakeLabelKey(number=1, fingerprint="ab", copies=(OFFICE,)), NotAKey),
        (MakeLabelKey(number=1, fingerprint="AB" * 32, copies=(OFFICE,)), NotAKey),
        (MakeLabelKey(number=1, fingerprint="ab" * 32, copies=()), NothingToDo),
        (RequestLabelKeys(device_id=PHONE.device_id, box_key="zz" * 32), NotAKey),
        (make(1, LabelKeyCopy(device_id=PHONE.device_id, box_key="22", sealed="bb")), NotAKey),
        (GrantLabelKey(number=1, copies=(PHONE,)), NothingToDo),
        (WithdrawLabelKey(number=1, reason="perdue"), NothingToDo),
    ],
)
def test_what_is_no_key_is_refused(command: LabelKeyCommand, refusal: type[Refused]) -> None:
    with pytest.raises(refusal):
        decide(NONE_MADE, command)


def test_an_event_says_no_more_than_its_command() -> None:
    event = decide(NONE_MADE, make(1))[0]
    assert not is_said_by(make(1, PHONE), event)
    assert not is_said_by(RequestLabelKeys(device_id=PHONE.device_id, box_key="22" * 32), event)
    (granted,) = decide(after(make(1)), GrantLabelKey(number=1, copies=(PHONE,)))
    assert is_said_by(GrantLabelKey(number=1, copies=(OFFICE, PHONE)), granted)
    assert not is_said_by(GrantLabelKey(number=1, copies=(OFFICE,)), granted)
    assert not is_said_by(GrantLabelKey(number=2, copies=(PHONE,)), granted)
