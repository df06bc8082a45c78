"""``manchengo-desktop``: the window, or the same screens in a browser on this computer."""

import argparse
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from manchengo_presenters.language import _

DB = "MANCHENGO_DB"


def main(words: Sequence[str] | None = None) -> int:
    """The exit code."""
    asked = _parser().parse_args(words)
    if asked.demo:
        from manchengo_desktop.demo import demo_dairy  # late: only the demonstration needs it

        with demo_dairy() as dairy:
            print(
                _("The dairy is thrown away at the end. Who signs in: {name}, {secret}").format(
                    name=dairy.person, secret=dairy.secret
                )
            )
            return _show(asked, dairy.path, dairy.passphrase)
    given = asked.db or os.environ.get(DB)
    return _show(asked, Path(given).expanduser() if given else None, None)


def _show(asked: argparse.Namespace, path: Path | None, passphrase: str | None) -> int:
    import flet as ft  # late: a wrong word needs no toolkit

    from manchengo_desktop.app import Window
    from manchengo_desktop.compose import DeviceOffice, usual_path
    from manchengo_desktop.serving import Address, NotServed, serve
    from manchengo_flet.theme import ASSETS

    database = path or usual_path()

    async def open_window(page: ft.Page) -> None:
        office = DeviceOffice(database)
        if passphrase is not None:
            office.open(passphrase)
        await Window(page, office).open()

    shown: Callable[[ft.Page], Awaitable[None]] = open_window
    if not asked.web:
        ft.run(shown, assets_dir=str(ASSETS))
        return 0
    address = Address(
        host=asked.host, port=asked.port, certificate=asked.certificate, key=asked.key
    )
    print(address.url, flush=True)
    try:
        serve(shown, address)
    except NotServed as refused:
        print(refused, file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="manchengo-desktop", description=_("Manchengo in the office.")
    )
    add = parser.add_argument
    add("--db", metavar=_("FILE"), help=_("The file of the database; the usual one if left out."))
    add("--demo", action="store_true", help=_("A filled dairy that is thrown away at the end."))
    add("--web", action="store_true", help=_("In a browser on this computer, not in a window."))
    add("--host", default="127.0.0.1", help=_("Another address to listen at; it takes TLS."))
    add("--port", type=int, default=8550, help=_("The port to listen at."))
    add("--certificate", type=Path, metavar=_("FILE"), help=_("The certificate of that address."))
    add("--key", type=Path, metavar=_("FILE"), help=_("The key of the certificate."))
    return parser


if __name__ == "__main__":
    sys.exit(main())
