"""The verification that people ask for: since their checkpoint where there is one, or of all."""

from contextlib import suppress
from datetime import date

from attrs import evolve

from manchengo.application import checkpoint as checkpoints
from manchengo.application.checkpoint import NotUsable
from manchengo.application.counting import Progress, nobody_told
from manchengo.application.integrity import Verification
from manchengo.application.replication.content_errors import FROM_THE_CONTENT
from manchengo.application.since_checkpoint import verify_since
from manchengo.application.whole_reading import verify_store
from manchengo.ports.signature_check import SignatureCheck
from manchengo.ports.signer import Signer
from manchengo.ports.storage_errors import StorageError
from manchengo.ports.store import Garbled, Store


def verify_database(
    store: Store,
    signatures: SignatureCheck | None,
    *,
    signer: Signer | None,
    today: date,
    whole: bool,
    progress: Progress = nobody_told,
) -> Verification:
    """Check what was added since the checkpoint that ``signer`` sealed; all of it where ``whole``,
    where there is none that may be used, or where anything is found wrong: then the word of the
    reading of all counts. Where all is sound, the pages of the file included, ``signer`` seals
    another checkpoint.

    ``signatures``: who checks those of the log; without one, or without a signer, all is read.
    """
    found, because = None, ""
    if not whole:
        found, because = _since_checkpoint(store, signatures, signer, today)
    if found is None:
        found = evolve(
            verify_store(store, signatures, today=today, progress=progress), because=because
        )
    is_read = found.pages_checked or found.since is not None
    if signer is not None and found.checkpoint is not None and is_read:
        with suppress(StorageError), store.writing(durable=False) as transaction:
            checkpoints.keep(transaction, found.checkpoint, signer)
    return found


def _since_checkpoint(
    store: Store, signatures: SignatureCheck | None, signer: Signer | None, today: date
) -> tuple[Verification | None, str]:
    """What was found, where it is sound; else None, and why all is to be read."""
    if signer is None or signatures is None:
        return None, "unsigned"
    try:
        with store.reading() as snapshot:
            checkpoint = checkpoints.found(snapshot, signer, signatures, today=today)
            verdict = verify_since(snapshot, checkpoint, signatures, today=today)
    except NotUsable as not_usable:
        return None, not_usable.reason
    except (StorageError, Garbled, *FROM_THE_CONTENT):  # the reading of all names what it is
        return None, "fault"
    return (verdict, "") if verdict.sound else (None, "fault")
