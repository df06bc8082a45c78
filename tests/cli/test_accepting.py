"""A telephone that was lost is found again: what its owner signed on it is accepted together."""

import pytest

from manchengo import Actor, Manchengo, Role, Uuid7Ids
from manchengo.application.authorship import family_of
from manchengo.commands import Command, WithdrawKey, WriteOffLot
from manchengo.ports.rows import RawLotRow, UserRow
from manchengo.ports.signer import Signer
from tests.cli.apart import Apart
from tests.cli.conftest import TODAY
from tests.cli.running import arrives, asked, done, one_line, run
from tests.support.dairy import litres
from tests.support.plant import Device
from tests.support.signers import admitting, signer_of

HIS = signer_of("Karim", "telephone")
REASON = ("--reason", "téléphone retrouvé")


def recorded(device: Device, name: str, *commands: Command, signer: Signer | None = None) -> None:
    with device.store.reading() as snapshot:
        user = next(snapshot.rows(UserRow, name=name))
    roles = frozenset(Role(each) for each in user.roles.split())
    dairy = Manchengo(
        device.store,
        clock=device.clock,
        ids=Uuid7Ids(),
        actor=Actor(user_id=user.id, device_id=device.id, roles=roles),
        signer=signer,
    )
    for command in commands:
        dairy.execute(command)


def written_off(device: Device, *amounts: int) -> list[Command]:
    with device.store.reading() as snapshot:
        lot = next(snapshot.rows(RawLotRow, code="L2")).id
    return [
        WriteOffLot(lot_id=lot, quantity=litres(amount), reason="renversé", on=TODAY)
        for amount in amounts
    ]


@pytest.fixture
def found_again(apart: Apart) -> Apart:
    """Karim's key was withdrawn when his telephone was lost. Of the three losses recorded on it,
    two can still be.
    """
    done("user", "add", "karim", "appro", "production")
    apart.exchange(apart.office, apart.phone)
    with apart.device(apart.phone) as phone, phone.store.reading() as snapshot:
        karim = next(snapshot.rows(UserRow, name="karim")).id
        family = family_of(snapshot, phone.id)
    with apart.device(apart.office) as office:
        key = admitting(karim, family, HIS)
        recorded(office, "amina", key, signer=apart.signer(apart.office))
    apart.exchange(apart.office, apart.phone)
    with apart.device(apart.phone) as phone:
        recorded(phone, "karim", *written_off(phone, 100, 250, 150), signer=HIS)
    with apart.device(apart.office) as office:
        lost = WithdrawKey(user_id=karim, public_key=HIS.key.hex(), reason="téléphone perdu")
        by_her = apart.signer(apart.office)
        recorded(office, "amina", lost, *written_off(office, 100), signer=by_her)
    apart.exchange(apart.office, apart.phone)
    return apart


def on_hand(lot: str) -> str:
    return next(str(each["on_hand"]) for each in asked("lots") if each["lot"] == lot)


def test_all_of_it_is_accepted_in_order_but_what_a_rule_refuses(found_again: Apart) -> None:
    (*_, last) = asked("conflicts")
    answered = run("conflicts", "accept", "karim", *REASON)
    assert answered.code == 1
    output = one_line(answered.out)
    assert "2 enregistrements de karim sont acceptés. mise au rebut : L2, 100 L" in output
    assert f"1 attend toujours, refusé par une règle : {last['item'][:8]}" in output
    assert "150 L demandés, 50 L libres" in output
    assert on_hand("L2") == "50"
    assert [each["item"] for each in asked("conflicts")] == [last["item"]]


def test_it_is_so_on_every_device(found_again: Apart) -> None:
    run("conflicts", "accept", "karim", *REASON)
    found_again.exchange(found_again.office, found_again.phone)
    closed = asked("conflicts", "--all", "--db", str(found_again.phone))
    assert [each["closed_by"] for each in closed] == ["accept", "accept", None]
    assert {each["reason"] for each in closed} == {"téléphone retrouvé", ""}


def test_what_a_thief_recorded_after_a_time_is_left(found_again: Apart) -> None:
    first, second, third = asked("conflicts")
    words = ("conflicts", "accept", "karim", "--up-to", str(first["item"])[:8], *REASON)
    answer = asked(*words)
    assert answer == {"accepted": [first["item"]], "left": []}
    assert [each["item"] for each in asked("conflicts")] == [second["item"], third["item"]]
    assert on_hand("L2") == "300"


def test_one_alone_is_accepted_from_its_page(found_again: Apart) -> None:
    item = str(asked("conflicts")[0]["item"])
    shown = asked("conflicts", "show", item)
    assert shown["choices"] == ["void", "accept"]
    output = one_line(done("conflicts", "show", item).out)
    assert f"manchengo conflicts resolve {item[:8]} --accept --reason" in output
    assert 'manchengo conflicts accept "karim" --reason' in output
    done("conflicts", "resolve", item, "--accept", *REASON)
    assert on_hand("L2") == "300"


def test_who_may_admit_no_key_accepts_nothing(found_again: Apart) -> None:
    arrives("nadia", "production")
    refused = run("conflicts", "accept", "karim", *REASON, "--user", "nadia")
    assert refused.code == 1
    assert "gérer les clés" in one_line(refused.err)
    item = str(asked("conflicts")[0]["item"])
    assert run("conflicts", "resolve", item, "--accept", *REASON, "--user", "nadia").code == 1
    assert on_hand("L2") == "400"


def test_what_another_signed_is_not_in_it(found_again: Apart) -> None:
    item = str(asked("conflicts")[0]["item"])
    assert "Rien de ce que amina a signé" in one_line(
        done("conflicts", "accept", "amina", *REASON).out
    )
    refused = run("conflicts", "accept", "amina", "--up-to", item[:8], *REASON)
    assert refused.code == 2
    assert f"manchengo conflicts show {item[:8]}" in one_line(refused.err)


def test_what_nobody_signed_is_not_accepted(apart: Apart, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever wrote his name wrote it: nobody can tell whether it was him."""
    done("user", "add", "karim", "production")
    apart.exchange(apart.office, apart.phone)
    with apart.device(apart.phone) as phone, monkeypatch.context() as another_program:
        another_program.setattr("manchengo.application.committing.check_author", lambda *_: None)
        recorded(phone, "karim", *written_off(phone, 100))
    done("user", "deactivate", "karim")
    apart.exchange(apart.office, apart.phone)
    (item,) = asked("conflicts")
    assert item["refusal"] == "NotSigned"
    assert asked("conflicts", "show", str(item["item"]))["choices"] == ["void"]
    answer = asked("conflicts", "accept", "karim", *REASON)
    assert answer == {"accepted": [], "left": []}
