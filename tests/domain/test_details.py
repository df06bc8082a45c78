"""The details of a register's entries: each changes by itself, and some are asked about."""

import pytest
from attrs import fields

from manchengo.commands import ChangeClient, ChangePlantDetails, ChangeProduct, ChangeSupplier
from manchengo.domain.client import Client, ClientDetailsChanged
from manchengo.domain.details import details
from manchengo.domain.plant_details import PlantDetails, PlantDetailsChanged
from manchengo.domain.product import Product, ProductDetailsChanged
from manchengo.domain.supplier import Supplier, SupplierDetailsChanged

REGISTERS = (
    (SupplierDetailsChanged, ChangeSupplier, Supplier),
    (ClientDetailsChanged, ChangeClient, Client),
    (ProductDetailsChanged, ChangeProduct, Product),
    (PlantDetailsChanged, ChangePlantDetails, PlantDetails),
)


@pytest.mark.parametrize(
    ("event", "command", "state"), REGISTERS, ids=[each[2].__name__ for each in REGISTERS]
)
def test_a_detail_has_one_name_in_event_command_and_state(
    event: type, command: type, state: type
) -> None:
    asked = {each.name for each in fields(command) if not each.name.endswith("_id")}
    assert set(details(event)) == asked
    assert asked <= {each.name for each in fields(state)}
