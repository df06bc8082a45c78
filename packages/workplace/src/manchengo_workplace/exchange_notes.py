"""What an exchange told that a person ought to know, in sentences that suit every app."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from manchengo.application.replication.histories import Divergence
from manchengo_presenters.formatting import day, number
from manchengo_presenters.language import N_, _, ngettext

if TYPE_CHECKING:
    from manchengo_workplace.server import Exchanged

WITHHELD: Mapping[str, str] = {
    "gap": N_("The server lacks something that this device had recorded before: try again later."),
    "forked": N_(
        "The server knows another database under the name of this device: bring back a backup of "
        "this one, which makes it a device of its own."
    ),
    "refused": N_(
        "The server does not believe something that was recorded on this device: its seal is not "
        "right. Verify the database: it says where it was changed."
    ),
    "quota": N_(
        "The server takes nothing more from this device today: it sent more than a device may in "
        "one day. What was recorded stays here and goes by itself tomorrow. If it cannot wait, an "
        "administrator lifts the limit on another device."
    ),
    "too_large": N_("A commit is larger than the server takes: ask whoever looks after it."),
}
"""Why something stays here, exchange after exchange; by ``Withheld.code``, as it is translated."""


def notes(done: "Exchanged", withheld: Mapping[str, str] = WITHHELD) -> Iterator[str]:
    """Each in a sentence; nothing where all is as it should be. ``withheld``: as ``WITHHELD``, for
    an app that says it otherwise.
    """
    yield from _of_its_log(done)
    yield from _of_its_key(done)
    yield from _of_this_device(done)
    if done.too_old:
        yield _(
            "The server takes nothing more from this version of the program: bring it up to date."
        )
    if done.server_too_old:
        yield _(
            "The program of the server is older than this one, and takes nothing from it yet. "
            "Nothing is lost: ask whoever looks after the server to bring that one up to date."
        )
    for code in dict.fromkeys(str(each.code) for each in done.withheld):
        yield _(withheld[code]) if code in withheld else code


def divergence_sentence(divergence: Divergence) -> str:
    """An entry whose author saw another log, and what is to be done about it."""
    return _(
        "WATCH OUT: whoever recorded entry {entry} had another log before them than this one, "
        "up to entry {seen}. A backup of the server was put back without “manchengo-server "
        "restore”, or somebody shows each device another history. Nothing is lost here: keep "
        "this database, and tell whoever looks after the server."
    ).format(entry=number(divergence.entry), seen=number(divergence.seen))


def _of_its_log(done: "Exchanged") -> Iterator[str]:
    if done.is_unannounced:
        yield _(
            "The server had lost the end of its log and did not say so: a backup was put back "
            "without “manchengo-server restore”, or somebody holds something back. What it lacked "
            "was offered to it again, and nothing is lost here. Tell whoever looks after the "
            "server: the command is to be typed there."
        )
    elif done.disowned:
        yield ngettext(
            "The server began another epoch without {count} entry that it had signed. The entry "
            "was given to it again, and is judged again. If whoever looks after the server put no "
            "backup back, somebody changes what it had accepted: tell an administrator.",
            "The server began another epoch without {count} entries that it had signed. They were "
            "given to it again, and are judged again. If whoever looks after the server put no "
            "backup back, somebody changes what it had accepted: tell an administrator.",
            done.disowned,
        ).format(count=number(done.disowned))
    elif done.log_reset:
        yield _("The server was put back from a backup: what it lacked was given to it again.")
    for divergence in done.applied.divergences[:1]:
        yield divergence_sentence(divergence)


def _of_its_key(done: "Exchanged") -> Iterator[str]:
    if done.is_key_replaced:
        yield _(
            "The server signs with another key from now on, {key}: an administrator signed that it "
            "comes in the place of the former one."
        ).format(key=done.server_key)
    elif done.server_key:
        yield _(
            "NEW: the server signs what it says, and this device knows its key from now on: {key}. "
            "Compare it with the one that “manchengo-server devices” shows at the server; if it is "
            "another, somebody else answers in its place."
        ).format(key=done.server_key)


def _of_this_device(done: "Exchanged") -> Iterator[str]:
    if done.device_id is not None:
        yield _("Another database bore the name of this device: this one has a new one now.")
    if done.audit_parted:
        yield _(
            "The audit of this device is not the one that the server received before: it was "
            "changed, or a copy of this database was used. The server keeps both; "
            "“manchengo-server audit” shows them there."
        )
    if done.audit_returned:
        yield ngettext(
            "This device was put back from a backup. The server gave back {count} record of its "
            "audit, noted since.",
            "This device was put back from a backup. The server gave back {count} records of its "
            "audit, noted since.",
            done.audit_returned,
        ).format(count=number(done.audit_returned))
    if done.audit_missing_until is not None:
        yield _(
            "This device was put back from a backup, and the server does not give back what the "
            "audit had until {day}. It was lost or removed there: tell whoever looks after the "
            "server."
        ).format(day=day(done.audit_missing_until))
