"""What the command line says otherwise than other apps: it names the command to type.

By ``Failure.key``. A key that is not here is told in the sentence that suits every app.
"""

from manchengo_presenters.language import N_

SENTENCES = {
    "NoCodeSeen": N_(
        "No code can be read in {path}. Take the picture again: nearer, straight, in more light; "
        "or type the code of the lot with --code."
    ),
    "WhichUser": N_("Who are you? Say it with --user or MANCHENGO_USER (administrators: {names})."),
    "WhichPerson": N_(
        "Who are you? On this device these have a passphrase of their own: {names}. Say it: "
        "manchengo login NAME"
    ),
    "SignInNeeded": N_(
        "A name proves nothing: {user} has to identify themselves. At a terminal: “manchengo login "
        "{user}”. In a script: put the passphrase or PIN in a file, and name the file in "
        "MANCHENGO_PIN_FILE."
    ),
    "NobodySignedIn": N_(
        "This takes a right, and nobody has identified themselves here. Do so first: manchengo "
        "login"
    ),
    "NoKeyHere": N_(
        "{user} has no passphrase of their own on this device yet, and cannot act here. On a "
        "device that was let in for them, they choose it themselves: “manchengo passwd {user}”. On "
        "another, they need the code of an administrator (“manchengo user invite {user}”): "
        "“manchengo passwd {user} --code …”."
    ),
    "KeyWithdrawn": N_(
        "The key of {user} on this device was withdrawn. An administrator invites {user} with "
        "“manchengo user invite {user}”; with that code {user} begins another key here: “manchengo "
        "sync”, then “manchengo passwd --code CODE”."
    ),
    "AdmissionNeeded": N_(
        "An administrator has yet to admit the key of {user} on this device. At a device where "
        "they have signed in: “manchengo user admit {user} {request}”, then “manchengo sync” there "
        "and here."
    ),
    "WrongCode": N_(
        "This is no code of an invitation of {user} that this device knows of. Check what is "
        "written; if it is new, exchange first: manchengo sync"
    ),
    "LockedOut": N_(
        "{user} is locked out of this device: {tries} wrong tries in a row. An administrator who "
        "has signed in here lets them in again: “manchengo user unlock {user}”, or gives them "
        "another passphrase: “manchengo passwd {user}”."
    ),
    "SignFirst": N_(
        "Choose a passphrase of your own on this device first, with “manchengo passwd”: nobody "
        "could act here otherwise."
    ),
    "Damaged": N_(
        "What is stored cannot be read: it was changed since, or a newer program wrote it. "
        "“manchengo verify” says where."
    ),
    "Fault": N_(
        "This is a fault of Manchengo, not yours: {name}. "
        "Run it again with MANCHENGO_DEBUG=1 and send what it prints to whoever looks after the "
        "program."
    ),
    "NoLabelKeyHere": N_(
        "This device has no key for labels that counts, so what it prints could not be read. Ask "
        "for one with “manchengo label-keys request” and “manchengo sync”; an administrator then "
        "gives it with “manchengo label-keys grant”."
    ),
    "NoLabelKeyMade": N_(
        "This plant has no key for labels yet, so nothing can be printed. An administrator makes "
        "it, once: manchengo label-keys make"
    ),
    # The storage.
    "DatabaseMissing": N_(
        "There is no database at {path}. Make one with “manchengo init”, "
        "or give its place with --db or MANCHENGO_DB."
    ),
    "DatabaseCorrupt": N_(
        "The database {path} is damaged. Do not write to it any more: "
        "restore a backup with “manchengo restore”."
    ),
    "NotAsSealed": N_(
        "A commit of {path} is not what its author sealed ({commit}), and no backup was made of "
        "it: the one before stands. “manchengo verify” says more."
    ),
    "NoDevice": N_(
        "{path} does not know which device it is on: its making was interrupted. "
        "Delete it and run “manchengo init” again."
    ),
    # The exchange with the server.
    "device_withdrawn": N_(
        "This device was withdrawn: the server takes nothing from it any more. What was recorded "
        "stays here; with a new code from an administrator, “manchengo sync --join” lets it in "
        "again."
    ),
    "device_unknown": N_(
        "The server does not know this device. Ask an administrator for a code, and let it in "
        "with “manchengo sync --join”."
    ),
    "not_proved": N_(
        "The server does not recognise the key of this device, though the line was quick enough. "
        "What was recorded stays here: exchange again; if it says so again, a new code from an "
        "administrator and “manchengo sync --join” let the device in."
    ),
    "key_withdrawn": N_(
        "The key of this device was withdrawn with another copy of its database. What was recorded "
        "stays here; with a new code from an administrator, “manchengo sync --join” lets it in "
        "under a key of its own."
    ),
    "renewal_waits": N_(
        "This database is a copy, and another copy of it took a name of its own less than 30 days "
        "ago. What was recorded stays here and waits. Where it was restored or copied on purpose, "
        "an administrator allows one more with “manchengo devices allow-renewal” and “manchengo "
        "sync”; then exchange again here. Else somebody else has your database: tell them that."
    ),
    "device_taken": N_(
        "The server knows another device under this identity. Restore this database from a "
        "backup with “manchengo restore”: it is then a device of its own."
    ),
    "NotJoined": N_(
        "This database exchanges with no server yet. Ask an administrator for a code, then: "
        "manchengo sync --join https://… --code …"
    ),
    "AnotherPlant": N_(
        "The server {server} keeps another plant than this database: nothing that was recorded "
        "here was sent to it. A database belongs to one plant for ever. Check the address; if the "
        "server of this plant was lost, whoever looks after it brings it back with "
        "“manchengo-server init --from-device”. For the other plant, make a new database with "
        "“manchengo init --join”."
    ),
    "NotEncrypted": N_(
        "Over plain http everybody on the way reads along: give an address that begins with "
        "https://. Where you know that nobody can, add --allow-http."
    ),
    "OutOfTurn": N_(
        "{file} does not follow what is here: another answer comes before it, or it is an old one. "
        "Write a new request with “manchengo sync --export”."
    ),
}
