"""The address of a server, as a person, a code or a setting gives it: one parser for all."""

import re
from ipaddress import ip_address

import httpx
from attrs import frozen

LARGEST_PORT = 65_535
NAME = re.compile(r"[A-Za-z0-9_.-]+")
"""A host's name as it goes on the wire, where these stand for all other letters."""


class AddressError(ValueError):
    """It cannot be used as it was given. Nothing was asked of anybody."""


@frozen
class BadAddress(AddressError):
    """It is not the address of a server."""

    written: str


@frozen
class NotEncrypted(AddressError):
    """Over plain HTTP, anybody on the way can read and change the messages."""

    written: str


@frozen
class BadProxy(AddressError):
    """What this computer says of its proxy (``HTTPS_PROXY`` and its like) cannot be used. It may
    hold a password, and is not repeated.
    """


def server_address(written: str, *, allow_plain: bool = False) -> httpx.URL:
    """``http`` or ``https``, a host, perhaps a port and a path, and nothing else: a name with a
    password would take the place of the device's token, and nothing follows a question.

    ``allow_plain``: plain HTTP further than this machine. Raises ``BadAddress``, ``NotEncrypted``.
    """
    try:
        url = httpx.URL(written.strip().rstrip("/"))
        is_usable = _is_usable(url)
        is_safe = url.scheme == "https" or allow_plain or is_loopback(url)
    except (httpx.InvalidURL, ValueError):  # ValueError: a host that no name server could be asked
        raise BadAddress(written) from None
    if not is_usable:
        raise BadAddress(written)
    if not is_safe:
        raise NotEncrypted(written)
    return url


def is_loopback(url: httpx.URL) -> bool:
    """Whether the address is this computer itself."""
    try:
        return ip_address(url.host).is_loopback
    except ValueError:
        return url.host == "localhost"


def _is_usable(url: httpx.URL) -> bool:
    return (
        url.scheme in ("http", "https")
        and bool(url.host)  # which raises where ``xn--`` stands for no letters
        and _is_host(url.raw_host.decode("ascii"))
        and (url.port is None or 0 < url.port <= LARGEST_PORT)
        and not (url.userinfo or url.query or url.fragment)
    )


def _is_host(host: str) -> bool:
    if ":" in host:
        ip_address(host)
        return True
    host.encode("idna")  # as the system does before it looks the name up: each label has its size
    return NAME.fullmatch(host) is not None
