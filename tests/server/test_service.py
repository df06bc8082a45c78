"""The server without a network: what it takes in, what it answers, whom it lets in."""

from tests.support.dairy import A_DAIRY, litres, received
from tests.support.server import a_server


def test_what_one_device_records_the_other_sees() -> None:
    server = a_server()
    server.first_device(A_DAIRY, received("L1", litres(100)))
    server.another_device().does(received("L2", litres(5)))
    server.settle()
    assert len(server.digests()) == 1
