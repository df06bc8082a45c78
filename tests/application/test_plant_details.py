"""The particulars of the plant: recorded by an administrator, merged one by one, read by all."""

import pytest

from manchengo.application.plant_details import plant_details_of
from manchengo.commands import ChangePlantDetails
from manchengo.domain.access import NotPermitted, Role
from manchengo.domain.details import details
from manchengo.domain.errors import NameMissing
from manchengo.domain.plant_details import PlantDetails, PlantDetailsChanged
from tests.support.given import given, open_dairy, somebody
from tests.support.plant import Device, Plant

NOTHING = dict.fromkeys(details(PlantDetailsChanged))
OF_THE_DAIRY = ChangePlantDetails(name="Fromagerie Djurdjura", approval="15 123", phone="026 11")


def known_at(device: Device) -> PlantDetails:
    with device.store.reading() as snapshot:
        return plant_details_of(snapshot)


def test_only_what_differs_is_recorded() -> None:
    given(OF_THE_DAIRY).when(ChangePlantDetails(approval="15 124", phone="026 11")).then(
        PlantDetailsChanged(**NOTHING | {"approval": "15 124"})
    )


def test_what_is_the_same_already_records_nothing() -> None:
    given(OF_THE_DAIRY).when(OF_THE_DAIRY).then()


def test_a_plant_never_loses_its_name() -> None:
    given(OF_THE_DAIRY).when(ChangePlantDetails(name=" ")).refused(NameMissing, kind="plant")


def test_another_particular_can_be_emptied() -> None:
    given(OF_THE_DAIRY).when(ChangePlantDetails(phone="")).then(
        PlantDetailsChanged(**NOTHING | {"phone": ""})
    )


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMIN}))
def test_only_an_administrator_changes_them(role: Role) -> None:
    with pytest.raises(NotPermitted):
        open_dairy(given().dairy.store, actor=somebody(role)).execute(OF_THE_DAIRY)


def test_two_devices_change_two_particulars_and_both_hold() -> None:
    plant = Plant()
    office, phone = plant.device(), plant.device()
    office.does(OF_THE_DAIRY)
    plant.settle()
    office.does(ChangePlantDetails(nif="001516"))
    phone.does(ChangePlantDetails(address="15000 Tizi Ouzou"))
    plant.settle()
    expected = PlantDetails(
        name="Fromagerie Djurdjura",
        approval="15 123",
        phone="026 11",
        nif="001516",
        address="15000 Tizi Ouzou",
    )
    assert known_at(office) == known_at(phone) == expected
