"""An enrolled device that means harm, and all that it can ask: the plant goes on as before."""

import pytest

from manchengo_server.errors import LogReset
from manchengo_server.plant import Epochs
from tests.support.dairy import A_DAIRY, litres, received
from tests.support.server import Device, Server

MANY = 300


def told_to_go_back(device: Device, *, cursor: int) -> LogReset:
    with pytest.raises(LogReset) as told:
        device.service.push(device.asking(cursor=cursor), by=device.id)
    return told.value


def what_is_kept(server: Server) -> tuple[int, bytes, str]:
    with server.service.context.reading() as snapshot:
        return snapshot.cursor(), snapshot.log_hash(), str(Epochs.read(snapshot))


# ---------------------------------------------------------------- which log it is


def test_no_device_begins_another_epoch(lasting_server: Server) -> None:
    server = lasting_server
    office = server.first_device(*A_DAIRY, received("L1", litres(100)))
    thief = server.another_device()
    before = what_is_kept(server)
    office.syncs()
    answers = [told_to_go_back(thief, cursor=1_000_000 + ask) for ask in range(MANY)]
    assert what_is_kept(server) == before
    assert {answer.log_epoch for answer in answers} == {office.epoch}
    assert {answer.keep for answer in answers} == {before[0]}
    assert office.exchanges().push_error is None, "nobody else notices"
