"""The keys of the plant's labels on this device: opened, made, asked for, given to others.

The log holds each key sealed for the devices that have it. The private half that opens the copies
of this device is a setting of its database, and so as well protected as all that is in there.
"""

import secrets
from collections.abc import Iterable
from hashlib import sha256

from attrs import frozen

from manchengo.application.authorship import family_of
from manchengo.application.unit_of_work import UnitOfWork, decoded
from manchengo.commands import GrantLabelKey, MakeLabelKey, RequestLabelKeys
from manchengo.domain.access import Permission
from manchengo.domain.aggregates import PLANT
from manchengo.domain.ids import CommitId, DeviceId, UserId
from manchengo.domain.label_keys import (
    NONE_MADE,
    LabelKey,
    LabelKeyCopy,
    LabelKeys,
    LabelKeysRequested,
)
from manchengo.domain.person_keys import NotAKey
from manchengo.domain.plant import PLANT_ID
from manchengo.ports.rows import DeviceRow
from manchengo.ports.store import Snapshot, Transaction
from manchengo_presenters.language import N_
from manchengo_qr.site_keys import KEY_IDS, SECRET_BYTES, SiteKey, SiteKeys
from manchengo_sync import sealing
from manchengo_workplace.failures import Failure, Origin
from manchengo_workplace.workplace import Workplace

BOX_KEY = "labels.box_key"
"""The setting that holds the private key (X25519) that opens the copies of this device."""

_KIND = b"L"
_PURPOSE = b"manchengo label key 1\0"


@frozen(kw_only=True)
class DeviceWithoutKey:
    """A device that asked for the keys of labels and lacks one. ``asked_by``: who signed that;
    ``row``: None where the log knows no device of that id.
    """

    request: LabelKeysRequested
    asked_by: UserId
    row: DeviceRow | None
    lacks: tuple[int, ...]


def label_keys_of(snapshot: Snapshot) -> LabelKeys:
    """The keys of the plant's labels, sealed."""
    plant = UnitOfWork(snapshot).find(PLANT, PLANT_ID)
    return plant.label_keys if plant else NONE_MADE


def site_keys(snapshot: Snapshot) -> SiteKeys:
    """Those of them that this device has, the one that signs last. Perhaps none."""
    private = snapshot.setting(BOX_KEY)
    found = [
        (key, secret)
        for key in label_keys_of(snapshot).keys[-len(KEY_IDS) :]
        if (secret := opened(key, private)) is not None
    ]
    found.sort(key=lambda each: not each[0].withdrawn)  # stable: the newest that counts is last
    return SiteKeys(
        tuple(
            SiteKey(id=id_on_labels(key), secret=secret, revoked=bool(key.withdrawn))
            for key, secret in found
        )
    )


def id_on_labels(key: LabelKey) -> int:
    """By which labels name the key."""
    return key.number % len(KEY_IDS)


def printing_keys(workplace: Workplace) -> SiteKeys:
    """The keys to print labels with. In a plant that has none yet, an administrator makes the first
    one by this. Raises ``Failure`` where this device has none that counts.
    """
    with workplace.store.reading() as snapshot:
        keys, made = site_keys(snapshot), label_keys_of(snapshot).keys
    if keys.can_sign:
        return keys
    if made or not workplace.actor.may(Permission.MANAGE_KEYS):
        raise no_key_here(is_made=bool(made))
    make(workplace)
    with workplace.store.reading() as snapshot:
        return site_keys(snapshot)


def no_key_here(*, is_made: bool) -> Failure:
    """This device cannot print. ``is_made``: whether the plant has a key for labels."""
    if is_made:
        return Failure(
            "NoLabelKeyHere",
            N_(
                "This device has no key for labels that counts, so what it prints could not be "
                "read. Have it ask for one, exchange, and have an administrator give it."
            ),
            {},
            origin=Origin.REQUEST,
        )
    return Failure(
        "NoLabelKeyMade",
        N_(
            "This plant has no key for labels yet, so nothing can be printed. An administrator "
            "makes it, once."
        ),
        {},
        origin=Origin.REQUEST,
    )


# ---------------------------------------------------------------- commands


def first_key(transaction: Transaction, device_id: DeviceId) -> MakeLabelKey:
    """The command that makes the first key of a new plant; ``device_id`` alone has it."""
    return _new_key(1, {public_box_key(transaction): device_id})


def make(workplace: Workplace) -> MakeLabelKey:
    """Make one more key, for this device and all others that have the newest one and were not
    withdrawn. ``NotPermitted``.
    """
    with workplace.dairy.batch() as batch:
        known = label_keys_of(batch.transaction)
        receivers = _receivers(batch.transaction, known)
        own = family_of(batch.transaction, workplace.actor.device_id)
        receivers[public_box_key(batch.transaction)] = own
        command = _new_key(len(known.keys) + 1, receivers)
        batch.execute(command, command_id=CommitId(workplace.ids.new()))
    return command


def request(workplace: Workplace) -> bool:
    """Ask for the keys of labels, for this device; whether it lacks one. ``NotPermitted``."""
    with workplace.dairy.batch() as batch:
        box_key = public_box_key(batch.transaction)
        known = label_keys_of(batch.transaction)
        if not _lacking(known, box_key) and known.keys:
            return False
        own = family_of(batch.transaction, workplace.actor.device_id)
        batch.execute(
            RequestLabelKeys(device_id=own, box_key=box_key),
            command_id=CommitId(workplace.ids.new()),
        )
    return True


def grant(workplace: Workplace, receivers: Iterable[LabelKeysRequested]) -> list[GrantLabelKey]:
    """Give these devices every key for labels that counts and that they lack. ``NotPermitted``;
    ``NotAKey`` for a device that asked with a key that is none; ``Failure`` where this device has
    no key itself.
    """
    asked = list(receivers)
    with workplace.dairy.batch() as batch:
        private = batch.transaction.setting(BOX_KEY)
        commands = []
        for key in label_keys_of(batch.transaction).keys:
            missing = [each for each in asked if _lacks(key, each.box_key)]
            secret = opened(key, private)
            if missing and secret is None:
                raise no_key_here(is_made=True)
            if missing and secret is not None:
                copies = tuple(_copy(secret, each.device_id, each.box_key) for each in missing)
                commands.append(GrantLabelKey(number=key.number, copies=copies))
        for command in commands:
            batch.execute(command, command_id=CommitId(workplace.ids.new()))
    return commands


# ---------------------------------------------------------------- who has them


def devices_without_key(snapshot: Snapshot) -> list[DeviceWithoutKey]:
    """The devices that asked and lack a key that counts, but for those that were withdrawn."""
    known = label_keys_of(snapshot)
    asked_by = _who_asked(snapshot)
    waiting = []
    for each in known.requests:
        row = snapshot.get(DeviceRow, each.device_id)
        lacks = _lacking(known, each.box_key)
        if lacks and not (row and row.withdrawn):
            waiting.append(
                DeviceWithoutKey(request=each, asked_by=asked_by[each], row=row, lacks=lacks)
            )
    return waiting


def _who_asked(snapshot: Snapshot) -> dict[LabelKeysRequested, UserId]:
    found: dict[LabelKeysRequested, UserId] = {}
    entries = snapshot.stream(PLANT_ID)
    for entry, event in zip(entries, decoded(entries), strict=True):
        if isinstance(event, LabelKeysRequested):
            commit = snapshot.commit(entry.commit_id)
            assert commit is not None, "an event is stored with its commit"
            found[event] = commit.user_id
    return found


def _receivers(snapshot: Snapshot, known: LabelKeys) -> dict[str, DeviceId]:
    """By box key, the devices that have the newest key and were not withdrawn since."""
    copies = known.keys[-1].copies if known.keys else ()
    rows = ((copy, snapshot.get(DeviceRow, copy.device_id)) for copy in copies)
    return {copy.box_key: copy.device_id for copy, row in rows if not (row and row.withdrawn)}


def _lacking(known: LabelKeys, box_key: str) -> tuple[int, ...]:
    return tuple(key.number for key in known.keys if _lacks(key, box_key))


def _lacks(key: LabelKey, box_key: str) -> bool:
    return not key.withdrawn and all(copy.box_key != box_key for copy in key.copies)


# ---------------------------------------------------------------- sealing


def public_box_key(transaction: Transaction) -> str:
    """The public key that copies for this device are sealed for; made where there is none yet."""
    private = transaction.setting(BOX_KEY)
    if private is None:
        private = sealing.new_key()
        transaction.set_setting(BOX_KEY, private)
    return sealing.public_key(private)


def _new_key(number: int, receivers: dict[str, DeviceId]) -> MakeLabelKey:
    secret = secrets.token_bytes(SECRET_BYTES)
    return MakeLabelKey(
        number=number,
        fingerprint=_fingerprint(secret),
        copies=tuple(_copy(secret, device_id, box) for box, device_id in receivers.items()),
    )


def _copy(secret: bytes, device_id: DeviceId, box_key: str) -> LabelKeyCopy:
    try:
        sealed = sealing.seal(_KIND, secret, to=box_key)
    except ValueError as error:  # a key under which nothing is secret
        raise NotAKey(given=box_key) from error
    return LabelKeyCopy(device_id=device_id, box_key=box_key, sealed=sealed.hex())


def opened(key: LabelKey, private: str | None) -> bytes | None:
    """The key, where one of its copies is for this device and is that key."""
    own = sealing.public_key(private) if private else None
    for copy in key.copies:
        if private and copy.box_key == own:
            try:
                secret = sealing.unseal(_KIND, bytes.fromhex(copy.sealed), to=private)
            except sealing.BundleError:
                continue
            if _fingerprint(secret) == key.fingerprint:
                return secret
    return None


def _fingerprint(secret: bytes) -> str:
    return sha256(_PURPOSE + secret).hexdigest()
