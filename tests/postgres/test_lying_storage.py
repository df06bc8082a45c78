"""Whoever administers PostgreSQL writes into the server's log: no device believes it either."""

from collections.abc import Callable

import pytest

from tests.attacks import test_first_keys as of_first_keys
from tests.attacks import test_lying_about_authors as of_authors
from tests.attacks import test_lying_server as of_devices
from tests.attacks.lying import Plant, a_plant, a_plant_that_signs, is_believed_by_nobody
from tests.support.postgres import on_postgres


@pytest.mark.parametrize("forge", of_devices.FORGED)
def test_what_no_device_signed_is_on_no_device(forge: Callable[[Plant], None]) -> None:
    with on_postgres() as store:
        is_believed_by_nobody(a_plant(*of_devices.A_MORNING, store=store), forge)


@pytest.mark.parametrize("forge", of_authors.FORGED)
def test_what_its_author_did_not_sign_is_on_no_device(forge: Callable[[Plant], None]) -> None:
    with on_postgres() as store:
        is_believed_by_nobody(a_plant_that_signs(*of_authors.A_MORNING, store=store), forge)


@pytest.mark.parametrize("begin", of_first_keys.ALONE)
def test_a_server_alone_makes_nobody_of_the_plant(
    begin: Callable[[Plant], Callable[[Plant], object]],
) -> None:
    with on_postgres() as store:
        plant = of_first_keys.a_founded_plant(store=store)
        is_believed_by_nobody(plant, begin(plant))
