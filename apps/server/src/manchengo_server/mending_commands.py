"""What an operator asks of the server where an entry of its log stops every device.

What a command needs is imported when it is called: ``--help`` need not wait for a database.
"""

from argparse import Namespace
from typing import TYPE_CHECKING

from manchengo_presenters import words
from manchengo_presenters.formatting import day
from manchengo_presenters.language import _, ngettext
from manchengo_presenters.legible import in_one_line
from manchengo_server.commands import opened
from manchengo_server.failures import REFUSED, Failure
from manchengo_server.settings import Settings

if TYPE_CHECKING:
    from manchengo_server.mending import RefusedEntry


def mend_log(arguments: Namespace, settings: Settings) -> int:
    """``manchengo-server mend-log``: name the first entry that devices do not take in, or judge it
    and all behind it again. Raises ``Failure`` where another entry is named than that.
    """
    from manchengo_server.mending import NotThatEntry

    with opened(settings) as service:
        if arguments.entry is None:
            found = service.refused_entry()
            return _told(found)
        try:
            mended = service.mend(arguments.entry)
        except NotThatEntry:
            raise Failure(
                "NotThatEntry",
                _(
                    "Entry {place} is not the first one that devices refuse, and nothing was "
                    "judged again. “manchengo-server mend-log” says which one is, if any."
                ).format(place=arguments.entry),
                exit_code=REFUSED,
            ) from None
    print(
        ngettext(
            "{count} commit was judged again, in another epoch.",
            "{count} commits were judged again, in another epoch.",
            mended.judged,
        ).format(count=mended.judged)
    )
    for entry in mended.changed:
        print(
            _("Entry {place} is judged otherwise now: {command}.").format(
                place=entry.global_seq,
                command=words.word(words.COMMANDS, entry.commit.command_type),
            )
        )
    print(
        _(
            "Devices go on at their next exchange. What was refused waits for somebody to decide "
            "on it, on the devices: “manchengo conflicts”."
        )
    )
    return 0


def _told(found: "RefusedEntry | None") -> int:
    if found is None:
        print(_("Devices take in every entry of this log: there is nothing to mend."))
        return 0
    print(
        _(
            "No device takes in entry {place} of the log: {command}, recorded on {day} by {user} "
            "on “{device}” ({why})."
        ).format(
            place=found.place,
            command=words.word(words.COMMANDS, found.commit.command_type),
            day=day(found.commit.on),
            user=in_one_line(found.user or str(found.commit.user_id)),
            device=in_one_line(found.device or str(found.commit.device_id)),
            why=in_one_line(found.why),
        )
    )
    print(
        ngettext(
            "{count} entry stands behind it, and reaches no device.",
            "{count} entries stand behind it, and reach no device.",
            found.behind,
        ).format(count=found.behind)
    )
    print(
        _(
            "Make a backup first. Then “manchengo-server mend-log --entry {place}” has the server "
            "judge this entry and those behind it again, in another epoch: no commit is lost or "
            "changed, and what stands before it stays as it is."
        ).format(place=found.place)
    )
    return REFUSED
