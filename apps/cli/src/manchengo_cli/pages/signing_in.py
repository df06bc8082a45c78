"""Signing in and out, and what is to be said of it."""

import shlex
from collections.abc import Iterable
from datetime import date
from typing import Any

from attrs import evolve

from manchengo.application import last_unsigned_day
from manchengo.application.choices import Choices
from manchengo.commands import AdmitKey, RequireSigning
from manchengo.ports.rows import UserRow
from manchengo.ports.store import Snapshot
from manchengo_cli.database import opened, user_named
from manchengo_cli.executing import carry_out
from manchengo_cli.layout import to_copy
from manchengo_cli.output import Lines, Part, answer
from manchengo_cli.session import Session
from manchengo_presenters import words
from manchengo_presenters.formatting import day
from manchengo_presenters.language import N_, _, ngettext
from manchengo_workplace import invitations, lookups, personal_keys
from manchengo_workplace.admission_request import plant_of, read_request
from manchengo_workplace.failures import Failure, Origin
from manchengo_workplace.inactivity import LONGEST_LIMIT
from manchengo_workplace.sign_in import SignIn
from manchengo_workplace.workplace import Workplace


def log_in(session: Session, name: str | None, minutes: int | None, code: str | None) -> None:
    """Begin a session of that person. ``minutes``: without a command, after which it ends.
    ``code``: of an invitation or a recovery key.
    """
    with opened(session, by_anyone=True) as workplace:
        sign_in = workplace.sign_in
        if minutes is not None:
            sign_in = evolve(sign_in, limit=_seconds(minutes))
        user = _by(sign_in, name or user_named(session), code)
        answer(
            session,
            shape=lambda: who_shape(sign_in),
            page=lambda: [signed_in_as(user, sign_in.limit)],
        )


def _by(sign_in: SignIn, name: str | None, code: str | None) -> UserRow:
    """Who has signed in: with their passphrase or PIN, or with a code, by which they choose one."""
    if code is None:
        return sign_in.log_in(name)
    user = sign_in.person(name)
    sign_in.begin_session(user, invitations.redeem(sign_in, user, code))
    return user


def _seconds(minutes: int) -> float:
    most = LONGEST_LIMIT // 60
    if not 0 < minutes <= most:
        raise Failure(
            "MinutesOutOfRange",
            N_("A session ends after 1 to {most} minutes without a command."),
            {"most": most},
            origin=Origin.REQUEST,
        )
    return minutes * 60


def signed_in_as(user: UserRow, limit: float) -> str:
    """The sentence on who acts. ``limit``: seconds without a command, until the session ends."""
    minutes = round(limit / 60)
    return ngettext(
        "{name} ({roles}) acts here now, until {count} minute has passed without a command.",
        "{name} ({roles}) acts here now, until {count} minutes have passed without a command.",
        minutes,
    ).format(name=user.name, roles=words.roles(user.roles.split()), count=minutes)


def log_out(session: Session) -> None:
    """End the session, and answer whose it was."""
    with opened(session, by_anyone=True) as workplace:
        user = workplace.sign_in.log_out()
        sentence = (
            _("The session of {name} has ended: nobody acts here any more.").format(name=user.name)
            if user
            else _("Nobody had identified themselves here.")
        )
        answer(
            session,
            shape=lambda: {"user": user.name if user else None},
            page=lambda: [sentence],
        )


def show_who(session: Session) -> None:
    """Answer who acts here, and who could."""
    with opened(session, by_anyone=True) as workplace:
        sign_in = workplace.sign_in
        answer(session, shape=lambda: who_shape(sign_in), page=lambda: _who_page(workplace))


def who_shape(sign_in: SignIn) -> dict[str, Any]:
    """Who acts here and who could, as JSON."""
    found, last_day = sign_in.signed_in(), sign_in.unsigned_until()
    return {
        "user": found[0].name if found else None,
        "roles": found[0].roles.split() if found else [],
        "minutes": round(found[1].limit / 60) if found else None,
        "people": [each.name for each in sign_in.people_here()],
        "everybody_signs": sign_in.everybody_signs(),
        "unsigned_until": last_day.isoformat() if last_day else None,
    }


def _who_page(workplace: Workplace) -> Iterable[Part]:
    sign_in = workplace.sign_in
    found, names = sign_in.signed_in(), ", ".join(each.name for each in sign_in.people_here())
    if found:
        yield signed_in_as(found[0], found[1].limit)
    else:
        yield _("Nobody has identified themselves here.")
    if names:
        yield _("Have a passphrase or PIN on this device: {names}.").format(names=names)
    if not sign_in.everybody_signs():
        yield _(
            "This plant still believes names: whoever gives one acts under it. An administrator "
            "ends that with “manchengo user require-signing”."
        )
    yield from _last_unsigned_day(sign_in.unsigned_until())


def _last_unsigned_day(last_day: date | None) -> Iterable[Part]:
    if last_day is not None:
        yield _(
            "Until {day}, who has no passphrase yet may go without, on the device that is theirs; "
            "afterwards they begin with a code of an administrator: manchengo user invite"
        ).format(day=day(last_day))


# --------------------------------------------------------------------------- passphrase or PIN


def choose_secret(session: Session, name: str | None, code: str | None) -> None:
    """One's own, changed, or chosen for the first time, with a code or without; another's, given by
    an administrator.
    """
    with opened(session, by_anyone=True) as workplace:
        sign_in, user = workplace.sign_in, workplace.sign_in.person(name or user_named(session))
        found = sign_in.signed_in()
        if code is not None:
            sign_in.begin_session(user, invitations.redeem(sign_in, user, code))
            sentence = _("{name} signs from here on what they record on this device.")
        elif found is not None and found[0].id != user.id:
            personal_keys.give_key(sign_in, workplace.dairy, user)
            sentence = _(
                "{name} has a new passphrase or PIN on this device; the one before is void."
            )
        elif sign_in.has_key(user.id):
            personal_keys.change_secret(sign_in, user, _current(sign_in, user))
            sentence = _("{name} has another passphrase or PIN on this device.")
        else:
            signer = personal_keys.begin_key(sign_in, user)
            sign_in.begin_session(user, signer)
            sentence = _("{name} signs from here on what they record on this device.")
        answer(
            session,
            shape=lambda: {"user": user.name},
            page=lambda: [sentence.format(name=user.name)],
        )


def _current(sign_in: SignIn, user: UserRow) -> str:
    sealed = sign_in.sealed.people()[user.id]
    typed = sign_in.secrets.existing(user.name, is_pin=sealed.needs_device_secret)
    if typed is None:
        raise Failure(
            "TerminalNeeded",
            N_("A passphrase is changed at a terminal, where it can be asked for."),
            {},
            origin=Origin.REQUEST,
        )
    return typed


def invite(session: Session, name: str, days: int | None, *, recovery: bool) -> None:
    """Answer a code with which that person makes a key on another device. ``days``: how long it is
    valid. ``recovery``: a recovery key, without an end.
    """
    with opened(session, acts=True) as workplace:
        with workplace.dairy.reading() as snapshot:
            user = lookups.user(snapshot, name)
        today = workplace.clock.today()
        until = invitations.last_day(today, days or invitations.USUAL_DAYS)
        invited = invitations.invite(workplace.dairy, user, until=None if recovery else until)
        answer(
            session,
            shape=lambda: {
                "user": user.name,
                "code": invited.code,
                "expires_on": invited.expires_on.isoformat() if invited.expires_on else None,
            },
            page=lambda: _invitation_page(user.name, invited),
        )


def _invitation_page(name: str, invited: invitations.Invited) -> Iterable[Part]:
    if invited.expires_on is None:
        yield from recovery_key_page(name, invited.code)
        return
    yield _("One-time code for {name}, good until {day}. It is shown only now:").format(
        name=name, day=day(invited.expires_on)
    )
    yield Lines(["", f"    {invited.code}", ""])
    yield _(
        "On the device where {name} is to sign, once it has heard of it (manchengo sync):"
    ).format(name=name)
    yield Lines(to_copy([f"manchengo passwd {shlex.quote(name)}", f"--code {invited.code}"]))


def recovery_key_page(name: str, code: str) -> Iterable[Part]:
    """The recovery key, and what it is for."""
    yield _(
        "Recovery key of {name}: write it on paper and keep it elsewhere. It is shown only now. "
        "With it and a backup, {name} acts again when this computer or the passphrase is lost:"
    ).format(name=name)
    yield Lines(["", f"    {code}", ""])


def admit(session: Session, name: str, request: str) -> None:
    """Trust the key of that person for which ``request`` asks."""

    def build(choices: Choices) -> AdmitKey:
        user = lookups.user(choices.snapshot, name)
        return read_request(request, user.id, plant_of(choices.snapshot))

    carry_out(
        session,
        build,
        lambda _snapshot, _command: [
            _("{name} signs with that key on their device, once it has heard of it.").format(
                name=name
            )
        ],
    )


def let_in_again(session: Session, name: str) -> None:
    """Forget the wrong passphrases of that person on this device."""
    with opened(session, acts=True) as workplace:
        with workplace.dairy.reading() as snapshot:
            user = lookups.user(snapshot, name)
        personal_keys.let_in_again(workplace.sign_in, workplace.dairy, user)
        answer(
            session,
            shape=lambda: {"user": user.name},
            page=lambda: [_("{name} may try again on this device.").format(name=user.name)],
        )


def require_signing(session: Session, days: int | None) -> None:
    """Only somebody who signs may have everybody sign: nobody could act any more otherwise.
    ``days``: how many days people may go without a key, today among them; None for the usual.
    """
    with opened(session, acts=True) as workplace:
        today = workplace.clock.today()
        if not workplace.sign_in.has_key(workplace.actor.user_id):
            raise Failure(
                "SignFirst",
                N_(
                    "Choose a passphrase of your own on this device first: nobody could act here "
                    "otherwise."
                ),
                {},
                origin=Origin.REQUEST,
            )
    carry_out(
        session,
        lambda _choices: RequireSigning(
            unsigned_until=invitations.last_day(today, days or last_unsigned_day.USUAL_DAYS)
        ),
        lambda snapshot, _command: _everybody_signs_page(snapshot),
    )


def _everybody_signs_page(snapshot: Snapshot) -> Iterable[Part]:
    yield _(
        "From here on everybody signs what they record. On each device, each person chooses their "
        "passphrase once: manchengo passwd"
    )
    yield from _last_unsigned_day(last_unsigned_day.of(snapshot))
