"""Who acts at this device, and what proves it.

Where the plant has everybody sign, or the person has a key at this device, a name proves nothing:
they unlock their key with their passphrase or PIN, or go on in a session that they began with it.
Who only reads may do so as nobody, and sees what takes no right. A database of before, whose plant
does not ask for signatures yet, goes on believing names until an administrator ends that.
"""

from contextlib import suppress
from datetime import date
from pathlib import Path
from uuid import UUID

from attrs import evolve, field, frozen

from manchengo import Role
from manchengo.application.authorship import family_of
from manchengo.commands import AdmitKey
from manchengo.domain.ids import DeviceId, UserId
from manchengo.ports.audit import AuditEntry
from manchengo.ports.clock import Clock
from manchengo.ports.rows import UserRow
from manchengo.ports.signer import Signer
from manchengo.ports.storage_errors import StorageError
from manchengo.ports.store import Garbled, Snapshot, Store
from manchengo_workplace.acting import ANYONE, acting_user, roles_of
from manchengo_workplace.admission_request import admission_of, plant_of
from manchengo_workplace.failures import Failure
from manchengo_workplace.inactivity import USUAL_LIMIT
from manchengo_workplace.keys_here import KeysHere
from manchengo_workplace.person_secrets import PersonSecrets
from manchengo_workplace.sealed_keys import SealedKeys, UnlockedKey, no_key_here
from manchengo_workplace.session_file import Session, SessionFile
from manchengo_workplace.sign_in_failures import (
    admission_needed,
    key_withdrawn,
    sign_in_needed,
    which_person,
)


@frozen(kw_only=True)
class Acting:
    """``user``: who acts, ``ANYONE`` for nobody. ``signer``: their key, unlocked. ``is_believed``:
    they proved it, or the plant does not ask for it.
    """

    user: UserRow
    signer: Signer | None = None
    is_believed: bool = True

    @property
    def is_nobody(self) -> bool:
        """Whether nobody has said who they are."""
        return self.user.id == ANYONE.id


NOBODY = Acting(user=ANYONE, is_believed=False)


@frozen(kw_only=True)
class SignIn:
    """The people of one open database at this device. ``device_id``: the id under which it writes;
    ``key``: that of the database. ``limit``: seconds of inactivity after which a new session ends.
    """

    store: Store
    path: Path
    key: bytes | None = field(repr=False)
    device_id: DeviceId
    family_id: DeviceId
    clock: Clock
    secrets: PersonSecrets
    limit: float = USUAL_LIMIT

    @classmethod
    def of(
        cls,
        store: Store,
        path: Path,
        key: bytes | None,
        device_id: DeviceId,
        clock: Clock,
        secrets: PersonSecrets,
    ) -> "SignIn":
        """For that database."""
        with store.reading() as snapshot:
            family_id = family_of(snapshot, device_id)
        return cls(
            store=store,
            path=path,
            key=key,
            device_id=device_id,
            family_id=family_id,
            clock=clock,
            secrets=secrets,
        )

    @property
    def sealed(self) -> SealedKeys:
        """The keys of the people of this device."""
        return SealedKeys(self.path, wait=self.secrets.wait)

    # ------------------------------------------------------------------------------ who acts

    def acting(
        self, name: str | None, *, acts: bool, by_anyone: bool = False, even_damaged: bool = False
    ) -> Acting:
        """Who acts from here on.

        ``name``: whom they say they are. ``acts``: something is done, or read, that nobody does as
        nobody; the person is asked for their passphrase or PIN, and a session begins.
        ``by_anyone``: what is done needs no right, and nobody is asked. ``even_damaged``: the users
        are those of the log where the views have lost them.

        Raises ``Failure`` where it is not proved, and as ``acting_user``.
        """
        with self.store.reading() as snapshot:
            session = self._session(snapshot)
            claimed = self._claimed(
                snapshot, name, session, by_anyone=by_anyone, even_damaged=even_damaged
            )
            asks = claimed is None or self._asks_for_proof(snapshot, claimed)
        if claimed is not None and session is not None and session.user_id == claimed.id:
            return Acting(user=claimed, signer=session.signer)
        if not asks:
            assert claimed is not None, "where nobody is known, a proof is asked for"
            return Acting(user=claimed, is_believed=claimed.id != ANYONE.id)
        if by_anyone:
            return Acting(user=evolve(claimed or ANYONE, roles=""), is_believed=False)
        from_file = self.secrets.at_hand() is not None
        can_prove = from_file and claimed is not None and claimed.id in self.sealed.people()
        if not (acts or name or can_prove):
            return NOBODY
        if claimed is None:
            raise which_person([each.name for each in self.people_here()])
        signer = self._asked(claimed)
        if from_file:
            self.note(claimed.id, "session.unlocked")
        elif session is None:
            self.begin_session(claimed, signer)
        return Acting(user=claimed, signer=signer)

    def _claimed(
        self,
        snapshot: Snapshot,
        name: str | None,
        session: Session | None,
        *,
        by_anyone: bool = False,
        even_damaged: bool = False,
    ) -> UserRow | None:
        """Whom they say they are, who has signed in, or who is likely to sit here."""
        if session is not None and not name:
            row = snapshot.get(UserRow, session.user_id)
            if row is not None:
                return row
        try:
            return acting_user(snapshot, name, by_anyone=by_anyone, even_damaged=even_damaged)
        except Failure as failure:
            if failure.name != "WhichUser" or not self._keys(snapshot).everybody_signs():
                raise
        here = self._keys(snapshot).people()
        return here[0] if len(here) == 1 else None

    def _session(self, snapshot: Snapshot) -> Session | None:
        """The session that goes on, of a person who may still act here with that key."""
        if not self.sealed.path.exists():
            return None
        session = self.session_file.current()
        if session is None:
            return None
        try:
            row = snapshot.get(UserRow, session.user_id)
        except Garbled:
            return None
        if row is None or not row.active:
            return None
        key = session.signer.key.hex()
        return session if self._keys(snapshot).is_admitted(session.user_id, key) else None

    def _asks_for_proof(self, snapshot: Snapshot, user: UserRow) -> bool:
        if user.id == ANYONE.id:
            return False
        keys = self._keys(snapshot)
        return keys.everybody_signs() or bool(keys.of(user.id))

    def _keys(self, snapshot: Snapshot) -> KeysHere:
        return KeysHere(snapshot=snapshot, sealed=self.sealed, family_id=self.family_id)

    def live_keys(self, user_id: UserId) -> list[str]:
        """The person's keys of this device that count."""
        with self.store.reading() as snapshot:
            return [key for key, counts in self._keys(snapshot).of(user_id).items() if counts]

    def has_key(self, user_id: UserId) -> bool:
        """Whether the person has a key that counts, sealed at this device."""
        sealed = self.sealed.people().get(user_id)
        if sealed is None:
            return False
        with self.store.reading() as snapshot:
            return self._keys(snapshot).is_admitted(user_id, sealed.public_key)

    def everybody_signs(self) -> bool:
        """Whether the plant has everybody sign."""
        with self.store.reading() as snapshot:
            return self._keys(snapshot).everybody_signs()

    def unsigned_until(self) -> date | None:
        """The last day on which who never had a key need not sign; None where there is none."""
        with self.store.reading() as snapshot:
            return self._keys(snapshot).unsigned_until()

    def people_here(self) -> list[UserRow]:
        """Who has a key at this device, by name."""
        with self.store.reading() as snapshot:
            return self._keys(snapshot).people()

    def may_go_on(self, user_id: UserId, roles: frozenset[Role], signer: Signer | None) -> bool:
        """Whether somebody who was let act with these roles, and that key, would be now: for an app
        that stays open. What is too damaged to tell ends nobody's work.
        """
        try:
            with self.store.reading() as snapshot:
                row = snapshot.get(UserRow, user_id)
                if row is None or not row.active or roles_of(row.roles) != roles:
                    return False
                return signer is None or self._keys(snapshot).is_admitted(user_id, signer.key.hex())
        except (Garbled, StorageError):
            return True

    # ------------------------------------------------------------------------------- signing in

    @property
    def session_file(self) -> SessionFile:
        """Where the session of whoever is logged in at this computer is kept."""
        return SessionFile(database=self.path, family_id=self.family_id, key=self.key)

    def person(self, name: str | None) -> UserRow:
        """The person of that name; left out, who has signed in, or who is likely to sit here.
        Raises ``Failure``, and as ``acting_user``.
        """
        with self.store.reading() as snapshot:
            user = self._claimed(snapshot, name, self._session(snapshot))
        if user is None:
            raise which_person([each.name for each in self.people_here()])
        return user

    def log_in(self, name: str | None) -> UserRow:
        """Begin a session, in the place of another's. Raises ``Failure``."""
        user = self.person(name)
        signer = self._asked(user)
        self.session_file.begin(user.id, signer, self.limit)
        self.note(user.id, "session.begun")
        return user

    def log_out(self) -> UserRow | None:
        """End the session; whose it was."""
        found = self.signed_in()
        if not self.session_file.end() or found is None:
            return None
        self.note(found[0].id, "session.ended")
        return found[0]

    def signed_in(self) -> tuple[UserRow, Session] | None:
        """Who goes on in a session."""
        with self.store.reading() as snapshot:
            session = self._session(snapshot)
            user = snapshot.get(UserRow, session.user_id) if session else None
        return (user, session) if user is not None and session is not None else None

    def begin_session(self, user: UserRow, signer: UnlockedKey) -> None:
        """A session of somebody who has just unlocked their key; none where there is no place."""
        with suppress(Failure):
            self.session_file.begin(user.id, signer, self.limit)
            self.note(user.id, "session.begun")

    def unlocked(self, user: UserRow, secret: str) -> UnlockedKey:
        """The person's key. Raises ``Failure`` for a wrong secret, and for a key that does not yet
        count, or no more; both are noted.
        """
        try:
            signer = self.sealed.unlock(user.id, user.name, secret)
            self._must_count(user, signer)
        except Failure as failure:
            self.note(user.id, "session.refused", outcome=failure.name)
            raise
        return signer

    def _must_count(self, user: UserRow, signer: UnlockedKey) -> None:
        with self.store.reading() as snapshot:
            counts = self._keys(snapshot).of(user.id).get(signer.key.hex())
        if counts is None:
            raise admission_needed(user.name, self.admission_of(signer, user.id))
        if not counts:
            raise key_withdrawn(user.name)

    @property
    def plant_id(self) -> UUID | None:
        """The plant that the device has joined; None where it has joined none."""
        with self.store.reading() as snapshot:
            return plant_of(snapshot)

    def admission_of(self, signer: Signer, user_id: UserId) -> AdmitKey:
        """The command by which an administrator admits that key here, with its proof."""
        return admission_of(signer, user_id, self.family_id, self.plant_id)

    def _asked(self, user: UserRow) -> UnlockedKey:
        sealed = self.sealed.people().get(user.id)
        if sealed is None:
            raise no_key_here(user.name)
        given = self.secrets.at_hand()
        if given is None:
            given = self.secrets.existing(user.name, is_pin=sealed.needs_device_secret)
        if given is None:
            raise sign_in_needed(user.name)
        return self.unlocked(user, given)

    def note(self, user_id: UserId, action: str, *, outcome: str = "done") -> None:
        """Keep in the audit who signed in, or failed to, wherever anything can be kept."""
        with suppress(StorageError):
            self.store.note(
                AuditEntry(
                    at=self.clock.now(),
                    user_id=user_id,
                    device_id=self.device_id,
                    action=action,
                    outcome=outcome,
                    facts="{}",
                )
            )
