"""The keys with which people sign, who is invited to begin, and how a key is withdrawn."""

from collections.abc import Iterable, Sequence
from typing import Any

from manchengo.application.choices import Choices
from manchengo.application.keys import InvitationLine, InvitationStatus, KeyAct, KeyLine
from manchengo.commands import WithdrawKey
from manchengo.domain.ids import UserId
from manchengo.ports.store import Snapshot
from manchengo_cli.database import opened
from manchengo_cli.executing import carry_out
from manchengo_cli.output import Column, Part, answer, tabled
from manchengo_cli.session import Session
from manchengo_presenters.conflict_words import moment
from manchengo_presenters.formatting import day
from manchengo_presenters.language import N_, _
from manchengo_workplace import lookups
from manchengo_workplace.failures import Failure, Origin

SHORT = 8
"""How many digits of a key are shown."""


def show_keys(session: Session, name: str | None) -> None:
    """Answer the keys and the invitations of that person, or of all."""
    with opened(session) as workplace:
        with workplace.dairy.reading() as snapshot:
            user_id = lookups.user(snapshot, name).id if name else None
        keys = workplace.dairy.keys(user_id)
        invited = [
            line
            for line in workplace.dairy.invitations(user_id)
            if line.status is InvitationStatus.OPEN
        ]
        answer(
            session,
            shape=lambda: {
                "keys": [key_shape(line) for line in keys],
                "invitations": [invitation_shape(line) for line in invited],
            },
            page=lambda: keys_page(keys, invited),
        )


def key_shape(line: KeyLine) -> dict[str, Any]:
    """A key of a person as JSON."""
    return {
        "user": line.user,
        "key": line.public_key,
        "devices": list(line.devices),
        "admitted_by": line.admitted.user,
        "admitted_at": line.admitted.at.isoformat(),
        "withdrawn_by": line.withdrawn.user if line.withdrawn else None,
        "withdrawn_at": line.withdrawn.at.isoformat() if line.withdrawn else None,
        "reason": line.reason,
    }


def invitation_shape(line: InvitationLine) -> dict[str, Any]:
    """An invitation as JSON."""
    return {
        "user": line.user,
        "given_by": line.given.user,
        "given_at": line.given.at.isoformat(),
        "expires_on": line.expires_on.isoformat() if line.expires_on else None,
    }


def keys_page(keys: Sequence[KeyLine], invited: Sequence[InvitationLine]) -> Iterable[Part]:
    """Keys and invitations as an operator reads them."""
    yield tabled(
        keys,
        Column(_("User"), lambda line: line.user),
        Column(_("Key"), lambda line: line.public_key[:SHORT]),
        Column(_("Device"), lambda line: ", ".join(line.devices) or "—"),
        Column(_("Admitted"), lambda line: _act(line.admitted)),
        Column(_("State"), lambda line: _state(line)),
        empty=_("Nobody signs yet: “manchengo passwd” begins it."),
    )
    for invitation in invited:
        yield _invited(invitation)


def _invited(line: InvitationLine) -> str:
    if line.expires_on is None:
        return _("{user} has a recovery key, given on {when}.").format(
            user=line.user, when=_act(line.given)
        )
    return _("{user} is invited to begin until {until}, by {who}.").format(
        user=line.user, until=day(line.expires_on), who=line.given.user or "—"
    )


def _act(act: KeyAct) -> str:
    return f"{moment(act.at.isoformat())} ({act.user or '—'})"


def _state(line: KeyLine) -> str:
    if line.withdrawn is None:
        return _("counts")
    return _("withdrawn on {when}: {reason}").format(when=_act(line.withdrawn), reason=line.reason)


# ------------------------------------------------------------------------------- withdrawing


def withdraw_key(session: Session, name: str, beginning: str | None, reason: str) -> None:
    """Withdraw the key of that person that begins so in hex, or the only one."""
    with opened(session) as workplace:
        with workplace.dairy.reading() as snapshot:
            user_id = lookups.user(snapshot, name).id
        key = chosen(workplace.dairy.keys(user_id), name, beginning)

    def build(_choices: Choices) -> WithdrawKey:
        return WithdrawKey(user_id=UserId(user_id), public_key=key, reason=reason)

    carry_out(session, build, lambda snapshot, command: [withdrawn(snapshot, name, command)])


def chosen(keys: Iterable[KeyLine], name: str, beginning: str | None) -> str:
    """The key that begins so, or the only one that counts.

    Raises ``Failure`` where there is none, or several.
    """
    live = [line for line in keys if line.withdrawn is None]
    found = [line for line in live if line.public_key.startswith(beginning or "")]
    if not found:
        raise Failure(
            "NoSuchKey",
            N_("No key of {user} that counts begins so. “manchengo user keys {user}” lists them."),
            {"user": name, "beginning": beginning or ""},
            values={"user": name},
            origin=Origin.REQUEST,
        )
    if len(found) > 1:
        shown = ", ".join(
            f"{line.public_key[:SHORT]} ({', '.join(line.devices) or '—'})" for line in found
        )
        raise Failure(
            "AmbiguousKey",
            N_("{user} has several keys: {keys}. Say which one, by its first digits."),
            {"keys": [line.public_key for line in found]},
            values={"user": name, "keys": shown},
            origin=Origin.REQUEST,
        )
    return found[0].public_key


def withdrawn(_snapshot: Snapshot, name: str, command: WithdrawKey) -> str:
    """The sentence that the key is withdrawn."""
    return _(
        "What {user} signs with the key {key} counts no more, once the other devices and the "
        "server have heard of it: exchange now."
    ).format(user=name, key=command.public_key[:SHORT])
