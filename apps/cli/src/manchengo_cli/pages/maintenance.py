"""Making, checking, copying and bringing back the database, and what is to be said of it."""

import getpass
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from manchengo.application.audit_check import AuditFault
from manchengo.application.founding import genesis_of
from manchengo.application.integrity import Since, Verification
from manchengo.application.judged_otherwise import JudgedOtherwise
from manchengo.application.tampered import Tampered
from manchengo.domain.genesis import PlantFounded, fingerprint
from manchengo.ports.rows import UserRow
from manchengo.ports.settings import PLANT_ID
from manchengo.ports.store import Snapshot
from manchengo_cli import database
from manchengo_cli.database import created, database_path, opened, restored
from manchengo_cli.exit_codes import REFUSED
from manchengo_cli.output import SHAPE, Lines, Part, answer, paired
from manchengo_cli.pages.conflicts import shown_length
from manchengo_cli.pages.divergences import divergence_shape
from manchengo_cli.pages.exchanging import (
    clock_lines,
    exchange_state_lines,
    exchange_state_shape,
)
from manchengo_cli.pages.joining import key_beside
from manchengo_cli.pages.judged_otherwise import otherwise_lines, otherwise_shape
from manchengo_cli.pages.signing_in import recovery_key_page
from manchengo_cli.progress import bar
from manchengo_cli.session import Session
from manchengo_presenters import command_view, words
from manchengo_presenters.formatting import day, number, size
from manchengo_presenters.language import N_, _, ngettext
from manchengo_presenters.verification_words import (
    checked,
    checked_since,
    damaged,
    tampered,
    why_whole,
)
from manchengo_workplace import invitations, server
from manchengo_workplace.exchange_notes import divergence_sentence
from manchengo_workplace.server import ExchangeState
from manchengo_workplace.workplace import Copied


def make(session: Session, plant: str, admin: str | None, *, clear: bool, keyring: bool) -> None:
    """Create the database and its first administrator, and answer the recovery key."""
    name, recovery = (admin or getpass.getuser()).strip(), invitations.recovery_code()
    with created(
        session, plant=plant, admin=name, recovery=recovery, clear=clear, keyring=keyring
    ) as workplace:
        device = str(workplace.actor.device_id)
        with workplace.dairy.reading() as snapshot:
            plant_id = snapshot.setting(PLANT_ID)
        answer(
            session,
            shape=lambda: {
                "database": str(workplace.path),
                "encrypted": workplace.encrypted,
                "plant": plant,
                "plant_id": plant_id,
                "administrator": name,
                "device": device,
                "recovery_key": recovery.code,
            },
            page=lambda: [
                *_made(workplace.path, name, encrypted=workplace.encrypted),
                *recovery_key_page(name, recovery.code),
            ],
        )


def _made(path: Path, name: str, *, encrypted: bool) -> Iterable[Part]:
    yield _("Database made: {path}").format(path=path)
    yield _("Administrator: {name}").format(name=name)
    if encrypted:
        yield key_beside(path.name)
    else:
        yield _("IT IS NOT ENCRYPTED, as you asked: whoever holds the file reads everything in it.")


# ------------------------------------------------------------------------------- integrity


def verify(session: Session, *, whole: bool, deep: bool) -> int:
    """Exit code 1 when something is not as it was recorded. ``whole``: read all, also where a
    checkpoint says that it was read before. ``deep``: judge the log again, where it is sound.
    """
    with opened(session, by_anyone=True, even_damaged=True) as workplace:
        with bar(session, _("Verifying")) as step:
            verdict = workplace.verify(server.signature_check(), whole=whole, progress=step)
        otherwise = None
        if deep and verdict.sound:
            with bar(session, _("Judging again")) as step:
                otherwise = workplace.judged_otherwise(progress=step)
        with workplace.dairy.reading() as snapshot:
            answer(
                session,
                shape=lambda: verdict_shape(snapshot, verdict, otherwise),
                page=lambda: (
                    *_verdict(snapshot, verdict),
                    *(() if otherwise is None else otherwise_lines(snapshot, otherwise)),
                ),
            )
    return 0 if verdict.sound else REFUSED


def verdict_shape(
    snapshot: Snapshot,
    verdict: Verification,
    otherwise: Sequence[JudgedOtherwise] | None = None,
) -> dict[str, Any]:
    """What ``verify`` found, as JSON. ``otherwise``: None where nothing was judged again."""
    found = verdict.tampered
    return {
        "sound": verdict.sound,
        "commits": verdict.commits,
        "events": verdict.events,
        "tampered": None if found is None else tampered_shape(found),
        "views_digest": verdict.views_digest,
        "rebuilt_digest": verdict.rebuilt_digest,
        "unreadable": [
            {
                "commit": str(each.commit_id),
                "item": str(each.item_id),
                "command": each.command_type,
                "user": command_view.person(snapshot, each.user_id),
                "device": command_view.device(snapshot, each.device_id),
                "on": each.on.isoformat(),
            }
            for each in verdict.unreadable
        ],
        "two_histories": [divergence_shape(each) for each in verdict.divergences],
        "damaged": list(verdict.damaged),
        "pages_checked": verdict.pages_checked,
        "founded": _founding_shape(snapshot) if verdict.sound else None,
        "audit": None if verdict.audit is None else audit_fault_shape(verdict.audit),
        "since": None if verdict.since is None else since_shape(verdict.since),
        "because": verdict.because,
        "judged_otherwise": (
            None if otherwise is None else [otherwise_shape(snapshot, each) for each in otherwise]
        ),
    }


def since_shape(since: Since) -> dict[str, Any]:
    """Beside which checkpoint what was added was read, as JSON."""
    return {
        "commits": since.commits,
        "on": since.on.isoformat(),
        "whole_on": since.whole_on.isoformat(),
    }


def audit_fault_shape(found: AuditFault) -> dict[str, Any]:
    """Where the audit is broken, as JSON."""
    return {
        "device": str(found.device_id) if found.device_id else None,
        "sequence": found.sequence,
        "on": found.on.isoformat() if found.on else None,
        "fault": found.fault,
    }


def tampered_shape(found: Tampered) -> dict[str, Any]:
    """The first commit that is not as it was sealed, as JSON."""
    return {
        "commit": str(found.commit_id) if found.commit_id else None,
        "device": str(found.device_id) if found.device_id else None,
        "sequence": found.sequence,
        "on": found.on.isoformat() if found.on else None,
        "fault": found.fault,
    }


def _verdict(snapshot: Snapshot, verdict: Verification) -> Iterable[Part]:
    if verdict.damaged:
        yield damaged(len(verdict.damaged))
        return
    if verdict.since is not None:
        yield from checked_since(verdict, verdict.since)
        yield from _what_else(snapshot, verdict)
        return
    yield checked(verdict)
    yield from why_whole(verdict)
    if verdict.tampered is None:
        yield _("The hash chain is whole: nothing recorded was changed since.")
        yield _founding(genesis_of(snapshot))
    else:
        yield tampered(verdict.tampered)
    if not verdict.rebuilt_digest:
        yield _("The views cannot be compared with a log that cannot be believed.")
    elif verdict.views_digest == verdict.rebuilt_digest:
        yield _("The views are what the log says.")
    else:
        yield _("The views are not what the log says: make them again with “manchengo rebuild”.")
    if verdict.audit is not None:
        yield _audit_fault(snapshot, verdict.audit)
    if not verdict.pages_checked:
        yield _(
            "The pages of the file were NOT checked: recent changes still stand beside it, because "
            "the disk is full or a long reading goes on. Free some space or end that work, then "
            "run “manchengo verify” again."
        )
    yield from _what_else(snapshot, verdict)


def _what_else(snapshot: Snapshot, verdict: Verification) -> Iterable[Part]:
    """What people should know of, and what makes nothing unsound."""
    for divergence in verdict.divergences[:1]:
        yield divergence_sentence(divergence)
    for each in verdict.unreadable:
        yield _(
            "Unreadable as it was recorded, and not changed since: {what}, by {user}, {day}. It is "
            "set aside; “manchengo conflicts show {item}” shows what it says and what to do."
        ).format(
            what=words.word(words.COMMANDS, each.command_type),
            user=command_view.known_person(snapshot, each.user_id),
            day=day(each.on),
            item=each.item_id.hex[: shown_length(snapshot)],
        )


def _founding_shape(snapshot: Snapshot) -> dict[str, Any] | None:
    genesis = genesis_of(snapshot)
    if genesis is None:
        return None
    return {"plant_id": str(fingerprint(genesis)), "plant": genesis.name, "by": genesis.founder}


def _founding(genesis: PlantFounded | None) -> str:
    if genesis is None:
        return _(
            "This plant is from before plants had a fingerprint: nobody signed how it begins. "
            "Everything else is checked as in any other."
        )
    return _("Founded by {founder}, who signed it. Fingerprint of the plant: {plant}").format(
        founder=genesis.founder, plant=fingerprint(genesis)
    )


def _audit_fault(snapshot: Snapshot, found: AuditFault) -> str:
    return _(
        "AUDIT TAMPERED: record number {sequence} of the audit of the device {device} ({day}): "
        "{fault}. Nothing else is changed by it. Keep this file as it is, and compare it with what "
        "the server keeps (“manchengo-server audit”) and with a backup."
    ).format(
        sequence=number(found.sequence),
        device=command_view.device(snapshot, found.device_id) if found.device_id else "—",
        day=day(found.on) if found.on else "—",
        fault=words.word(words.AUDIT_FAULTS, found.fault),
    )


def rebuild(session: Session) -> None:
    """Rebuild the views from the log, and answer how many rows they have."""
    with opened(session, acts=True, even_damaged=True) as workplace:
        with bar(session, _("Rebuilding")) as step:
            rows = workplace.rebuild(step)
        answer(
            session,
            shape=lambda: {"rows": rows},
            page=lambda: [
                ngettext(
                    "Views made again: {count} row.", "Views made again: {count} rows.", rows
                ).format(count=number(rows))
            ],
        )


# ---------------------------------------------------------------------------------- copies


def backup(session: Session, file: Path, *, whole: bool) -> None:
    """Copy the database. ``whole``: anew, even where a copy could be brought up to date."""
    with opened(session, acts=True, even_damaged=True) as workplace:
        with bar(session, _("Copying")) as step:
            copied = workplace.backup(file, whole=whole, progress=step)
        length = file.stat().st_size
        answer(
            session,
            shape=lambda: {
                "backup": str(file),
                "bytes": length,
                "encrypted": workplace.encrypted,
                "how": copied.how,
                "commits_added": copied.commits_added,
                "because": copied.because,
                "noted": copied.is_noted,
            },
            page=lambda: _copied(file, length, copied, encrypted=workplace.encrypted),
        )


WHY_WHOLE = {
    "other_tables": N_("It was made by another version of the program, so all of it was copied."),
    "reordered": N_("What it held stands in another order since, so all of it was copied."),
    "views_made_again": N_("All views were made again since, so all of it was copied."),
}


def _copied(file: Path, length: int, copied: Copied, *, encrypted: bool) -> Iterable[Part]:
    if copied.because in WHY_WHOLE:
        yield _(WHY_WHOLE[copied.because])
    if copied.how == "updated":
        added = copied.commits_added or 0
        yield ngettext(
            "Backup brought up to date: {path} ({size}), {count} commit added and checked.",
            "Backup brought up to date: {path} ({size}), {count} commits added and checked.",
            added,
        ).format(path=file, size=size(length), count=number(added))
    else:
        yield _("Backup made and checked: {path} ({size}).").format(path=file, size=size(length))
    if encrypted:
        yield _("Its key file {name}.key lies beside it: keep the two together.").format(
            name=file.name
        )
    if not copied.is_noted:
        yield _(
            "The backup is good, but the audit could not note it: nothing can be written in the "
            "database. Keep the backup elsewhere, and make room on this disk."
        )


def restore(session: Session, file: Path) -> None:
    """Replace the database with a backup, and answer where the one before is kept."""
    with bar(session, _("Restoring")) as step:
        before = restored(session, file, step)
    path = database_path(session)
    lines = [_("Restored: {path}").format(path=path)]
    if before is not None:
        lines.append(_("What was there before is kept as {path}.").format(path=before))
    answer(
        session,
        shape=lambda: {
            "database": str(path),
            "restored_from": str(file),
            "previous": str(before) if before else None,
        },
        page=lambda: lines,
    )


# -------------------------------------------------------------------------------- figures


def show_stats(session: Session) -> None:
    """Answer what the database holds, and its size in bytes."""
    with opened(session) as workplace, workplace.dairy.reading() as snapshot:
        tips = snapshot.tips()
        stock = workplace.dairy.stock.by_product()
        users = [row.name for row in snapshot.rows(UserRow) if row.active]
        figures: dict[str, Any] = {
            "database": str(workplace.path),
            "bytes": workplace.path.stat().st_size,
            "encrypted": workplace.encrypted,
            "device": str(workplace.actor.device_id),
            "user": workplace.user,
            "commits": sum(tip.sequence for tip in tips.values()),
            "devices": len(tips),
            "users": len(users),
            "products": len(stock),
            "open_lots": sum(line.open_lots for line in stock),
            "json_shape": SHAPE,
        }
        state = ExchangeState.of(snapshot)
        figures |= exchange_state_shape(snapshot, state)
        exchange = exchange_state_lines(snapshot, state)
        answer(
            session,
            shape=lambda: figures,
            page=lambda: [_stats(figures, exchange), *clock_lines(snapshot, state)],
        )


def _stats(figures: dict[str, Any], exchange: dict[str, str]) -> Lines:
    lines = {
        _("Database"): figures["database"],
        _("Size"): size(figures["bytes"]),
        _("Protection"): (
            _("encrypted (SQLCipher)") if figures["encrypted"] else _("NOT ENCRYPTED")
        ),
        _("Device"): figures["device"],
        _("You are"): figures["user"],
        _("Commits"): number(figures["commits"]),
        _("Devices"): number(figures["devices"]),
        _("Users"): number(figures["users"]),
        _("Products"): number(figures["products"]),
        _("Open lots"): number(figures["open_lots"]),
    }
    return paired(lines | exchange)


# ------------------------------------------------------------------------------- passphrase


def change_passphrase(session: Session, new_file: str | None) -> None:
    """Let another passphrase open the database. ``new_file``: the file that holds it; else it is
    asked for.
    """
    database.change_passphrase(session, new_file)
    path = database.database_path(session)
    answer(
        session,
        shape=lambda: {"database": str(path), "changed": True},
        page=lambda: [
            _("The new passphrase opens {path} from now on.").format(path=path),
            _(
                "Backups made before open with the passphrase of before: keep it as long as you "
                "keep them, or make a new backup now."
            ),
        ],
    )


# ------------------------------------------------------------------------------- another key


def replace_key(session: Session) -> None:
    """Encrypt the database under another key."""
    with bar(session, _("Encrypting again")) as step:
        database.replace_key(session, step)
    path = database.database_path(session)
    answer(
        session,
        shape=lambda: {"database": str(path), "rekeyed": True},
        page=lambda: [
            _("{path} is encrypted under a new key; the same passphrase opens it.").format(
                path=path
            ),
            _(
                "Backups made before keep the former key: whoever has one, its key file and the "
                "passphrase reads it. Make a new backup at another place, destroy those of before, "
                "and choose another passphrase too: manchengo passphrase change"
            ),
            _("Whoever was signed in here signs in again: manchengo login"),
        ],
    )
