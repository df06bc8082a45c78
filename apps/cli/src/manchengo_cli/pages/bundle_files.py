"""An exchange in files, where there is no network: a request goes, an answer comes back."""

from collections.abc import Iterable
from pathlib import Path

from manchengo.system import new_private_file
from manchengo_cli.database import opened
from manchengo_cli.layout import to_copy
from manchengo_cli.output import Lines, Part, answer
from manchengo_cli.pages.exchanging import answer_exchanged, outcome
from manchengo_cli.session import Session
from manchengo_presenters.formatting import number
from manchengo_presenters.formatting import size as byte_size
from manchengo_presenters.language import _
from manchengo_workplace import server
from manchengo_workplace.storage_failures import storage_failure


def write_request(session: Session, file: Path) -> None:
    """Everything that waits here, for the server's eyes only. What is there is not written over."""
    with opened(session, by_anyone=True) as workplace:
        try:
            with new_private_file(file) as written:
                sealed = server.request_file(workplace)
                written.write(sealed)
        except FileExistsError as error:
            raise storage_failure("AlreadyThere", path=file) from error
        with workplace.dairy.reading() as snapshot:
            pending = snapshot.count_pending()
    answer(
        session,
        shape=lambda: {"request": str(file), "bytes": len(sealed), "pending": pending},
        page=lambda: request_written(file, len(sealed), pending),
    )


def request_written(file: Path, size: int, pending: int) -> Iterable[Part]:
    """What was written, and what to do with the file. ``size``: bytes. ``pending``: how many
    commits wait.
    """
    back = f"{file.stem}-reponse{file.suffix}"
    yield _("Written: {path} ({size}), commits that wait: {count}.").format(
        path=file, size=byte_size(size), count=number(pending)
    )
    yield _("Only the server can read it. There:")
    yield Lines(to_copy(["manchengo-server bundle", file.name, back]))
    yield _("Bring its answer back:")
    yield Lines(to_copy(["manchengo sync", f"--import {back}"]))


def read_answer(session: Session, file: Path) -> int:
    """Take in the server's answer from that file; the exit code."""
    with opened(session, by_anyone=True) as workplace:
        done = server.take_answer(workplace, file.read_bytes(), file=str(file))
        answer_exchanged(session, workplace, done)
    return outcome(done)
