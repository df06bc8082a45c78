"""A database joins a plant's server: one that holds the dairy's history, or one made for it."""

import shlex
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from manchengo_cli.database import created_empty, opened
from manchengo_cli.failures import report
from manchengo_cli.layout import to_copy
from manchengo_cli.output import Lines, Part, answer, write_page
from manchengo_cli.own_sentences import SENTENCES
from manchengo_cli.pages.exchanging import (
    exchange_state_shape,
    exchange_with_bar,
    exchanged_page,
    exchanged_shape,
    outcome,
    steps,
)
from manchengo_cli.progress import bar
from manchengo_cli.session import Session
from manchengo_presenters.language import _
from manchengo_workplace import invitations, personal_keys, server
from manchengo_workplace.failures import Failure
from manchengo_workplace.server import ExchangeState, Joining
from manchengo_workplace.workplace import Workplace

if TYPE_CHECKING:
    from manchengo_workplace.server import Exchanged

NO_ANSWER = "Unreachable"
"""The failure that leaves it open whether the server was heard."""


def join(session: Session, request: Joining) -> int:
    """Let this database in, then exchange for the first time. One that holds nobody is what a
    making left that was cut off at the server's door: it starts from what the server knows.
    """
    server.check_address(request)
    with opened(session, by_anyone=True) as workplace:
        is_blank = server.is_blank(workplace.store)
        let_in = server.join(workplace, request, user_id=None) if is_blank else None
    if let_in is not None:
        return _filled(session, request, [joined(let_in.plant, request.name, let_in.mark)])
    with opened(session, acts=True) as workplace:
        welcome = server.join(workplace, request, user_id=workplace.actor.user_id)
        done = exchange_with_bar(session, workplace)
        made = [joined(welcome.plant, request.name, welcome.mark)]
        invitation = request.code.invitation
        if invitation and not workplace.sign_in.has_key(workplace.actor.user_id):
            made += first_key(workplace, invitation)
            done = done.then(exchange_with_bar(session, workplace))
        answer_joined(session, workplace, done, made)
    return outcome(done)


def make_joined(session: Session, request: Joining, *, clear: bool, keyring: bool) -> int:
    """A new database that starts from what the server knows. It stays once the server has let it
    in, and where no answer came: the server may have let it in, and the same code will do again.
    """
    server.check_address(request)
    no_answer: Failure | None = None
    with created_empty(session, clear=clear, keyring=keyring) as workplace:
        made = [_("Database made: {path}").format(path=workplace.path)]
        try:
            welcome = server.join(workplace, request, user_id=None)
        except Failure as failure:
            if failure.name != NO_ANSWER:
                raise
            no_answer = failure
        else:
            made.append(joined(welcome.plant, request.name, welcome.mark))
        if workplace.encrypted:
            made.append(key_beside(workplace.path.name))
    if no_answer is None:
        return _filled(session, request, made)
    if not session.json:
        write_page([*made, *_once_more(session, request)], sys.stdout)
    return report(no_answer, in_json=session.json)


def _once_more(session: Session, request: Joining) -> Iterable[Part]:
    yield _(
        "It is empty until the server lets it in. Once the network is back, with the same code:"
    )
    words = ["manchengo sync", f"--join {request.url}", f"--code {request.code}"]
    words.append(f"--name {shlex.quote(request.name)}")
    if request.allow_http:
        words.append("--allow-http")
    if session.db:
        words.append(f"--db {shlex.quote(session.db)}")
    yield Lines(to_copy(words))


def _filled(session: Session, request: Joining, made: list[str]) -> int:
    """A database that was let in and holds nothing takes what the server knows; ``made``: what
    there was to say so far. The invitation is behind the server's snapshot, so it is taken in
    before the first key; that leaves in an exchange of its own.
    """
    with opened(session, by_anyone=True) as workplace:
        try:
            with bar(session, _("Receiving")) as step:
                applied = server.begin(workplace, steps(workplace, step))
            done = exchange_with_bar(session, workplace)
            applied = applied.then(done.applied)
            made = [*made, *first_key(workplace, request.code.invitation)]
            if server.has_pending(workplace.store):
                done = exchange_with_bar(session, workplace)
                applied = applied.then(done.applied)
            done.applied = applied
        except Failure as failure:
            if not session.json:
                write_page([*made, *_key_later(request)], sys.stdout)
            return report(failure, in_json=session.json)
        answer_joined(session, workplace, done, made)
    return outcome(done)


def _key_later(request: Joining) -> Iterable[Part]:
    """What is left to do for the person, once the exchange succeeds."""
    if request.code.invitation:
        yield _("Its person begins to sign once an exchange succeeded, with the same code:")
        yield Lines(
            [
                *to_copy(["manchengo sync"]),
                *to_copy(["manchengo passwd", f"--code {request.code}"]),
            ]
        )


def first_key(workplace: Workplace, invitation: str) -> list[str]:
    """Have the person for whom the device was let in choose their passphrase, where the plant has
    everybody sign; what there is to say of it. ``invitation``: the code of one, "" where none came:
    then an administrator has to admit the key.
    """
    sign_in = workplace.sign_in
    if not sign_in.everybody_signs():
        return []
    user = sign_in.person(None)
    try:
        if invitation:
            signer = invitations.redeem(sign_in, user, invitation)
        else:
            signer = personal_keys.begin_key(sign_in, user)
    except Failure as failure:
        if failure.name == "AdmissionNeeded":
            return [failure.worded(SENTENCES)]
        if failure.name != "PinMissing":
            raise
        code = f" --code {invitation}" if invitation else ""
        return [
            _(
                "{user} cannot record anything here yet. At a terminal, they choose a passphrase "
                "of their own: {command}"
            ).format(user=user.name, command=f"manchengo passwd{code}")
        ]
    sign_in.begin_session(user, signer)
    return [_("{name} signs from here on what they record on this device.").format(name=user.name)]


def answer_joined(
    session: Session, workplace: Workplace, done: "Exchanged", first: Iterable[Part]
) -> None:
    """Answer that the device joined. ``first``: said before what it brought and received."""
    with workplace.dairy.reading() as snapshot:
        state = ExchangeState.of(snapshot)
        answer(
            session,
            shape=lambda: {
                "database": str(workplace.path),
                "encrypted": workplace.encrypted,
                "device": str(workplace.actor.device_id),
                **exchange_state_shape(snapshot, state),
                "exchange": exchanged_shape(snapshot, done),
            },
            page=lambda: [*first, *exchanged_page(snapshot, done)],
        )


def joined(plant: str, name: str, mark: str) -> str:
    """The sentence that the database is a device now."""
    return _(
        "This database is now a device of “{plant}”: {name}. The codes it proposes bear its "
        "mark, {mark}."
    ).format(plant=plant, name=name, mark=mark)


def key_beside(name: str) -> str:
    """The sentence on where the database's key lies. ``name``: of the database's file."""
    return _(
        "It is encrypted. Its key lies sealed in {name}.key: back up both files together, "
        "and keep the passphrase safe, for without it nobody can read the database."
    ).format(name=name)
