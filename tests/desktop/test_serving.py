"""The screens are shown on this computer alone, unless TLS keeps others from listening."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from manchengo_desktop.serving import Address, NotServed, SameOrigin, check

CERTIFICATE, KEY = Path("laiterie.crt"), Path("laiterie.key")


def test_this_computer_needs_no_certificate() -> None:
    check(Address())
    check(Address(host="::1"))
    assert Address(port=8550).url == "http://127.0.0.1:8550"
    assert Address(host="::1", port=1).url == "http://[::1]:1"


def test_another_address_takes_tls() -> None:
    with pytest.raises(NotServed, match=r"192\.168\.1\.4"):
        check(Address(host="192.168.1.4"))
    with pytest.raises(NotServed, match=r"0\.0\.0\.0"):
        check(Address(host="0.0.0.0", key=KEY))
    encrypted = Address(host="192.168.1.4", certificate=CERTIFICATE, key=KEY)
    check(encrypted)
    assert encrypted.url.startswith("https://192.168.1.4")


def test_half_of_what_tls_takes_is_refused() -> None:
    for half in (Address(certificate=CERTIFICATE), Address(key=KEY)):
        with pytest.raises(NotServed):
            check(half)


@pytest.mark.parametrize(
    ("kind", "origin", "passes"),
    [
        ("websocket", b"http://127.0.0.1:8550", True),
        ("websocket", b"https://ailleurs.test", False),
        ("websocket", b"http://127.0.0.1:9000", False),
        ("websocket", None, True),
        ("http", b"https://ailleurs.test", True),
    ],
)
def test_a_page_of_another_site_is_not_heard(kind: str, origin: bytes | None, passes: bool) -> None:
    headers = [(b"host", b"127.0.0.1:8550")]
    if origin is not None:
        headers.append((b"origin", origin))
    heard, sent = asked(kind, headers)
    assert bool(heard) is passes
    assert bool(sent) is not passes


@pytest.mark.parametrize("kind", ["websocket", "http"])
@pytest.mark.parametrize(
    ("host", "passes"),
    [
        (b"127.0.0.1:8550", True),
        (b"localhost:8550", True),
        (b"[::1]:8550", True),
        (b"ailleurs.test:8550", False),
        (b"127.0.0.1.ailleurs.test", False),
        (b"localhost@ailleurs.test", False),
        (b"[", False),
        (b"", False),
    ],
)
def test_a_name_of_another_site_that_leads_here_is_not_heard(
    kind: str, host: bytes, passes: bool
) -> None:
    headers = [(b"host", host), (b"origin", b"http://" + host)]
    heard, sent = asked(kind, headers)
    assert bool(heard) is passes
    assert bool(sent) is not passes
    heard, _ = asked(kind, [(b"host", b"bureau.lan"), (b"origin", b"https://bureau.lan")], tls=True)
    assert heard, "TLS proves the name"


def asked(
    kind: str, headers: list[tuple[bytes, bytes]], *, tls: bool = False
) -> tuple[list[Any], list[Any]]:
    """What reaches the screens of such a connection, and what is answered before them."""
    heard: list[Any] = []
    sent: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        heard.append(scope)

    async def receive() -> dict[str, str]:
        return {"type": f"{kind}.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    screens = SameOrigin(app, proves_its_name=tls)
    asyncio.run(screens({"type": kind, "headers": headers}, receive, send))
    return heard, sent
