"""Steps of lots, orders and deliveries fill commands of the core by the names of their fields."""

import inspect
from collections.abc import Iterator
from typing import Any

import attrs
import pytest

from manchengo import commands
from manchengo_cli.commands import deliveries, lots, production, sales
from manchengo_cli.pages.deliveries import DELIVERIES
from manchengo_cli.pages.lots import LOTS
from manchengo_cli.pages.production import ORDERS as PRODUCTION_ORDERS
from manchengo_cli.pages.sales import ORDERS as SALES_ORDERS

APPS = (
    (lots.app, LOTS),
    (production.steps, PRODUCTION_ORDERS),
    (sales.steps, SALES_ORDERS),
    (deliveries.steps, DELIVERIES),
)


def steps() -> Iterator[Any]:
    """Each step: the command that it executes, the field of what it is about, what it asks for."""
    for app, thing in APPS:
        for each in app.registered_commands:
            assert each.callback is not None
            names = inspect.getclosurevars(each.callback).nonlocals
            if "command" in names:
                asked = set(inspect.signature(each.callback).parameters) - {"ctx", "thing"}
                yield pytest.param(names["command"], thing.id, asked, id=names["command"])


@pytest.mark.parametrize(("command", "about", "asked"), list(steps()))
def test_a_step_asks_for_the_fields_of_its_command(
    command: str, about: str, asked: set[str]
) -> None:
    fields = {about, "on", *asked} - {"lot"} | ({"lot_id"} if "lot" in asked else set())
    assert {each.name for each in attrs.fields(getattr(commands, command))} == fields


def test_many_commands_are_steps() -> None:
    assert len(list(steps())) > 20
