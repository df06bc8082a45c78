"""What goes wrong between this device and its server, told to a person: what, and the way out.

The keys are the stable codes of ``manchengo_sync.wire.Problem`` and the names of the classes in
``manchengo_sync.link`` and beside it. Whatever happens, what was recorded here stays here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from manchengo_presenters.language import N_
from manchengo_workplace.failures import Failure, Origin

SENTENCES = {
    "Unreachable": N_(
        "The server {server} does not answer. Nothing is lost: work goes on, "
        "and the next exchange brings everything."
    ),
    "ServerFull": N_(
        "The disk of the server {server} is full: it takes nothing in. Nothing is lost, and work "
        "goes on: ask whoever looks after the server to make room there, and the next exchange "
        "brings everything."
    ),
    "Recovering": N_(
        "The server {server} was put back from a backup, and takes back from the devices what it "
        "lacks: what this device holds of it is handed over. Nothing is lost, and work goes on. "
        "Whoever looks after the server types “manchengo-server begin-epoch” there once the "
        "devices have come; the next exchange then brings everything."
    ),
    "Untrusted": N_(
        "Whoever answers at {server} could not prove to be the server. Check the address, "
        "the certificate of the server, and the date of this computer."
    ),
    "device_withdrawn": N_(
        "This device was withdrawn: the server takes nothing from it any more. What was recorded "
        "stays here; ask an administrator for a new code and join the server again with it."
    ),
    "user_withdrawn": N_(
        "The server does not let the user of this device in any more. What was recorded stays "
        "here; ask an administrator for a code for another user."
    ),
    "device_unknown": N_(
        "The server does not know this device. Ask an administrator for a code, and join the "
        "server with it."
    ),
    "not_proved": N_(
        "The server does not recognise the key of this device, though the line was quick enough. "
        "What was recorded stays here: exchange again; if it says so again, ask an administrator "
        "for a new code and join the server with it."
    ),
    "key_withdrawn": N_(
        "The key of this device was withdrawn with another copy of its database. What was recorded "
        "stays here; ask an administrator for a new code and join the server with it: the device "
        "then has a key of its own."
    ),
    "renewal_waits": N_(
        "This database is a copy, and another copy of it took a name of its own less than 30 days "
        "ago. What was recorded stays here and waits. Where it was restored or copied on purpose, "
        "ask an administrator to allow one more copy; else somebody else has your database: tell "
        "them that."
    ),
    "not_permitted": N_("This is for administrators: ask one of them."),
    "person_not_proved": N_(
        "The server has to know that an administrator does this, and not their device alone. Sign "
        "in with “manchengo login”, exchange with “manchengo sync”, then try again."
    ),
    "code_refused": N_(
        "The server refuses this code: it is wrong, was used already, or is too old. "
        "Ask an administrator for another."
    ),
    "device_taken": N_(
        "The server knows another device under this identity. Restore this database from a "
        "backup: it is then a device of its own."
    ),
    "plant_not_empty": N_(
        "This first code is over: the server has a device already. Ask an administrator for a code."
    ),
    "not_found": N_("The server knows nobody and nothing by that name: exchange, then try again."),
    "Unauthorised": N_(
        "The server does not let this device in ({why}). What was recorded stays here; "
        "ask an administrator."
    ),
    "LogReset": N_(
        "The server was put back from a backup just now. Nothing is lost: exchange once more."
    ),
    "TooOld": N_(
        "This program is too old for the server. Nothing is lost: bring it up to date, "
        "then exchange again."
    ),
    "ServerTooOld": N_(
        "The program of the server {server} is older than this one. Nothing is lost: ask whoever "
        "looks after the server to bring that one up to date, then exchange again."
    ),
    "TooLarge": N_(
        "Something on the way to the server does not let that much through at once: "
        "ask whoever looks after the server."
    ),
    "NotUnderstood": N_(
        "The server and this program do not understand each other ({why}). Nothing is lost: "
        "bring both up to date."
    ),
    "NotJoined": N_(
        "This database exchanges with no server yet. Ask an administrator for a code, and join "
        "the server with it."
    ),
    "AnotherPlant": N_(
        "The server {server} keeps another plant than this database: nothing that was recorded "
        "here was sent to it. A database belongs to one plant for ever. Check the address; if the "
        "server of this plant was lost, whoever looks after it brings it back from a device. For "
        "the other plant, create a new database that joins its server."
    ),
    "ForgedLog": N_(
        "Entry {entry} of the server's log is not what its author recorded, or not what follows "
        "from it ({why}). Nothing of it was taken in, nor of what comes after it; what was right "
        "before it is here, and so is all that was recorded on this device. Somebody changed the "
        "log of the server, or its program is at fault: tell whoever looks after it, who types "
        "“manchengo-server mend-log” there; keep this database, and work on without exchanging."
    ),
    "another_beginning": N_(
        "The server's log does not begin with what the founder of this plant signed (entry "
        "{entry}): it is another plant's, or somebody put another founder in the place of yours. "
        "Nothing of it was taken in, and all that was recorded on this device is here. Tell "
        "whoever looks after the server, and the founder; keep this database, and work on without "
        "exchanging."
    ),
    "word_unsigned": N_(
        "The server did not sign where its log ends, and it did before: another program answers at "
        "its address, or one of before. Nothing of the answer was taken in, and nothing is lost "
        "here. Tell whoever looks after the server, and work on without exchanging."
    ),
    "word_of_another_key": N_(
        "The server signs with another key than the one that this device knows. Nothing of the "
        "answer was taken in, and nothing is lost here. Ask whoever looks after the server: if it "
        "was lost and begun again, join it again with a new code, and this device knows the new "
        "key; if not, somebody else answers in its place."
    ),
    "word_forged": N_(
        "What the server says of the end of its log does not bear its signature. Nothing of the "
        "answer was taken in, and nothing is lost here. Tell whoever looks after the server, and "
        "work on without exchanging."
    ),
    "log_went_back": N_(
        "The server signed once that its log goes on up to entry {entry}, and says now that it "
        "does not: a backup was put back without “manchengo-server restore”, or somebody holds "
        "something back. Nothing of the answer was taken in, and nothing is lost here. Tell "
        "whoever looks after the server: the command is to be typed there, or the reason found."
    ),
    "two_histories": N_(
        "The server signed two different logs up to entry {entry}: a backup was put back without "
        "“manchengo-server restore”, or somebody shows each device another history. What differs "
        "was not taken in, and nothing is lost here. Tell whoever looks after the server: the "
        "command is to be typed there, or the reason found; keep this database as proof."
    ),
    "NotEncrypted": N_(
        "Over plain http everybody on the way reads along: give an address that begins with "
        "https://. Where you know that nobody can, allow plain http in so many words."
    ),
    "BadAddress": N_(
        "“{server}” is not the address of a server. Write https://, its name, and its port if it "
        "has one: https://manchengo.example.dz or https://192.168.1.10:8443."
    ),
    "BadProxy": N_(
        "The proxy that this computer names in HTTPS_PROXY, HTTP_PROXY or ALL_PROXY cannot be "
        "used. Write it as in http://proxy.example.dz:3128, or remove it."
    ),
    "NotABundle": N_("{file} is not an answer of the server. Check the path."),
    "NewerBundle": N_("{file} was written by a newer Manchengo: bring this one up to date."),
    "NotForUs": N_("{file} is the answer to another device. Check the path."),
    "CutShort": N_("The end of {file} is missing: copy it once more, whole."),
    "Tampered": N_(
        "{file} is not what the server wrote: it was changed on the way. Nothing was taken in: "
        "ask for it once more."
    ),
    "OutOfTurn": N_(
        "{file} does not follow what is here: another answer comes before it, or it is an old one. "
        "Write a new request."
    ),
    "BundleTooLarge": N_("There is more in {file} than is ever sent in one file. Check the path."),
    "Unforeseen": N_(
        "The exchange failed ({why}). Nothing is lost: try again later. If it stays, tell whoever "
        "looks after the program."
    ),
}

ORIGINS = {
    **dict.fromkeys(("NotEncrypted", "BadAddress"), Origin.REQUEST),
    **dict.fromkeys(
        (
            "device_withdrawn",
            "user_withdrawn",
            "not_proved",
            "device_unknown",
            "key_withdrawn",
            "renewal_waits",
            "not_permitted",
            "person_not_proved",
            "code_refused",
            "device_taken",
            "plant_not_empty",
            "not_found",
            "Unauthorised",
            "AnotherPlant",
        ),
        Origin.RULE,
    ),
}


@contextmanager
def exchange_errors_as_failures(server: str, file: str = "") -> Iterator[None]:
    """What the exchange raises in this block becomes a ``Failure``.

    ``file``: what is read, if it is by file.
    """
    from manchengo_sync.address import AddressError  # late: only an exchange needs it
    from manchengo_sync.link import LinkError
    from manchengo_sync.sealing import BundleError
    from manchengo_sync.settings import NotJoined

    try:
        yield
    except (AddressError, LinkError, NotJoined, BundleError) as error:
        raise exchange_failure(error, server, file) from error


def exchange_failure(error: Exception, server: str, file: str = "") -> Failure:
    """The failure that an error of ``manchengo_sync`` is for a person."""
    name = type(error).__name__
    code = getattr(error, "code", "")
    key = code if code in SENTENCES else name if name in SENTENCES else "Unforeseen"
    facts = {
        "server": server,
        "file": file,
        "why": getattr(error, "why", "") or name,
        "plant": getattr(error, "plant", ""),
        "asked": getattr(error, "asked", ""),
        "entry": getattr(error, "entry", ""),
    }
    known = {fact: value for fact, value in facts.items() if value}
    return Failure(
        name,
        SENTENCES[key],
        known | ({"code": code} if code else {}),
        values={fact: value or "—" for fact, value in facts.items()},
        key=key,
        origin=ORIGINS.get(key, Origin.MACHINE),
    )


def work_of_its_own(server: str, path: Path) -> Failure:
    """The failure of a database that is a plant of its own, asked to join another."""
    return Failure(
        "WorkOfItsOwn",
        N_(
            "This database is a plant of its own, and the server {server} keeps another. A plant "
            "joins no other: nobody's signature of one counts in the other. Nothing was sent, the "
            "code is still good, and all that was recorded here stays in {path}: keep that file "
            "and its key. To work in the other plant, make a new database with the same code: "
            "manchengo init --join {server} --code … --db autre.db. What has to count there is "
            "recorded there again by somebody who may."
        ),
        {"server": server, "path": str(path)},
        origin=Origin.RULE,
    )


def is_line_lost(error: Exception) -> bool:
    """Whether an exchange ended because the network did: the next one goes on from there."""
    from manchengo_sync.link import ServerFull, Unreachable, Untrusted

    return isinstance(error, Unreachable) and not isinstance(error, Untrusted | ServerFull)
