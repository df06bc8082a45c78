"""The screens in a browser, on this computer alone unless somebody says otherwise, and then sealed.

A page of another site may ask the browser to connect to this computer, so a connection whose
origin is not the address that was typed is refused. Such a site may also have its own name lead to
this computer (DNS rebinding): so without TLS, which proves the name, only a name of this computer
is answered.
"""

from pathlib import Path
from urllib.parse import urlsplit

import flet as ft
import uvicorn
from attrs import frozen
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from manchengo_flet.theme import ASSETS
from manchengo_presenters.language import N_, _

HERE = ("127.0.0.1", "::1", "localhost")


LARGEST_MESSAGE = 1 << 26
"""Bytes that a browser sends at once: a file that somebody chose comes in one message."""


class NotServed(Exception):
    """The screens are not shown at that address; ``str()`` says why, and what to do."""


@frozen(kw_only=True)
class Address:
    """``certificate`` and ``key``: the files of TLS, where the address takes it."""

    host: str = "127.0.0.1"
    port: int = 8550
    certificate: Path | None = None
    key: Path | None = None

    @property
    def url(self) -> str:
        """What is typed in the browser."""
        scheme = "https" if self.certificate else "http"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{self.port}"


FROM_ELSEWHERE = N_(
    "Anybody on the network could listen at {host}: give a certificate and its key, with "
    "--certificate and --key, or leave --host out."
)


def check(address: Address) -> None:
    """Raises ``NotServed`` where others could listen, or half of what TLS takes is missing."""
    if address.host not in HERE and not (address.certificate and address.key):
        raise NotServed(_(FROM_ELSEWHERE).format(host=address.host))
    if bool(address.certificate) != bool(address.key):
        raise NotServed(_("A certificate and its key go together: give both, or none."))


@frozen
class SameOrigin:
    """Refuses what a page of another site asks for. ``app``: the screens; ``proves_its_name``:
    whether TLS does.
    """

    app: ASGIApp
    proves_its_name: bool = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection."""
        is_of_a_page = scope["type"] == "websocket"
        if is_of_a_page and not (self._is_our_name(scope) and _is_same_origin(scope)):
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] == "http" and not self._is_our_name(scope):
            await PlainTextResponse("Misdirected", status_code=421)(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _is_our_name(self, scope: Scope) -> bool:
        return self.proves_its_name or _name(_headers(scope).get(b"host", "")) in HERE


def _is_same_origin(scope: Scope) -> bool:
    headers = _headers(scope)
    origin = headers.get(b"origin")
    return origin is None or urlsplit(origin).netloc == headers.get(b"host")


def _headers(scope: Scope) -> dict[bytes, str]:
    return {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}


def _name(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:  # no address at all
        return None


def serve(main: ft.AppCallable, address: Address) -> None:
    """Show the screens there until the program is ended. Raises ``NotServed``."""
    check(address)
    app = ft.run(
        main,
        export_asgi_app=True,
        assets_dir=str(ASSETS),
        web_renderer=ft.WebRenderer.CANVAS_KIT,
        no_cdn=True,  # a dairy may have no network
    )
    uvicorn.run(
        SameOrigin(app, proves_its_name=address.certificate is not None),
        host=address.host,
        port=address.port,
        ssl_certfile=str(address.certificate) if address.certificate else None,
        ssl_keyfile=str(address.key) if address.key else None,
        ws_max_size=LARGEST_MESSAGE,
        log_level="warning",
    )
