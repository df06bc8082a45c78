"""Everything the server does, without a network: each method may be called from any thread.

``app`` serves it over HTTP, ``bundles`` through files; a simulation calls it directly. A method
that refuses raises a ``TurnedDown``, named in the module that does its work.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

from attrs import field, frozen

from manchengo.application.authors import everybody_must_sign
from manchengo.application.handlers.devices import families
from manchengo.application.keys import keys_at
from manchengo.application.people import user_named
from manchengo.application.replication.judged_anew import first_refused
from manchengo.application.replication.server_log import judge_parked_again
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.domain.device import AllowRenewal, LiftQuota
from manchengo.domain.ids import DeviceId
from manchengo.domain.resolution import Matter
from manchengo.ports.clock import Clock
from manchengo.ports.ids import Ids
from manchengo.ports.rows import DeviceRow, ResolutionItemRow, UserRow
from manchengo.ports.store import Snapshot, Store
from manchengo_server import enrolment, programs, recovery, renewals, tokens
from manchengo_server.authorisation import Bearer, must_be_administrator
from manchengo_server.bundle_keys import replace_bundle_key
from manchengo_server.context import ServerContext
from manchengo_server.errors import ProgramTooOld
from manchengo_server.family_log import family_rows
from manchengo_server.key_wrapping import WrappingKey
from manchengo_server.limits import AUDIT_DAYS, DAILY_BYTES
from manchengo_server.mending import Mended, RefusedEntry, mend
from manchengo_server.own_audit import Knocks, note_done, noting_who_is_turned_away
from manchengo_server.plant import (
    MACHINE,
    PLANT,
    Plant,
    RandomBytes,
    ensure_signing_key,
    found,
    is_a_copy,
    remembered,
    wrapping_id,
)
from manchengo_server.pushing import Pushed, push
from manchengo_server.rebuilding import rebuild
from manchengo_server.signing_keys import next_signing_key
from manchengo_server.snapshot_cache import SnapshotCache
from manchengo_server.snapshots import snapshot_file
from manchengo_server.token_keys import replace_token_key
from manchengo_sync.wire import (
    PROTOCOL,
    Age,
    Challenge,
    CodeRequest,
    CodeResponse,
    EnrolRequest,
    EnrolResponse,
    PushRequest,
    PushResponse,
    RenewRequest,
    TailRequest,
    TailResponse,
    TokenRequest,
    TokenResponse,
)


@frozen
class Service:
    """One plant's server: ``Service.found`` begins a plant, ``Service.open`` serves one."""

    context: ServerContext
    knocks: Knocks = field(factory=Knocks)

    @classmethod
    def found(
        cls,
        store: Store,
        plant: str,
        *,
        clock: Clock,
        ids: Ids,
        random_bytes: RandomBytes = MACHINE,
        wrapping: WrappingKey | None = None,
    ) -> "Service":
        """Begin a plant in an empty store. ``wrapping``: seals the server's keys; without it they
        are stored in clear. Raises ``AlreadyFounded``.
        """
        with store.writing() as transaction:
            found(transaction, plant, ids=ids, random_bytes=random_bytes, wrapping=wrapping)
        return cls.open(store, clock=clock, ids=ids, random_bytes=random_bytes, wrapping=wrapping)

    @classmethod
    def rebuilt(
        cls,
        store: Store,
        device: Snapshot,
        *,
        clock: Clock,
        ids: Ids,
        random_bytes: RandomBytes = MACHINE,
        wrapping: WrappingKey | None = None,
    ) -> "Service":
        """Begin again a plant whose server was lost, from the log of a device. Raises what
        ``rebuilding.rebuild`` does.
        """
        rebuild(store, device, clock=clock, ids=ids, random_bytes=random_bytes, wrapping=wrapping)
        return cls.open(store, clock=clock, ids=ids, random_bytes=random_bytes, wrapping=wrapping)

    @classmethod
    def open(
        cls,
        store: Store,
        *,
        clock: Clock,
        ids: Ids,
        random_bytes: RandomBytes = MACHINE,
        wrapping: WrappingKey | None = None,
        snapshots: Path | None = None,
        daily_bytes: int = DAILY_BYTES,
        audit_days: int = AUDIT_DAYS,
    ) -> "Service":
        """The server of the plant that the store holds. Of a store restored from a copy the log is
        recovered first; otherwise commits parked as unreadable are judged again. ``snapshots``: the
        folder of the snapshot cache; ``daily_bytes``: what is stored in a day for each device and
        its copies; ``audit_days``: for how long the audit of devices is kept. Raises
        ``NotFounded``, and a ``WrappingFault`` where ``wrapping`` does not open
        the keys.
        """
        with store.writing() as transaction:
            if transaction.setting(PLANT) is not None:
                ensure_signing_key(transaction, random_bytes, wrapping)
            plant = remembered(transaction, wrapping)
            if is_a_copy(transaction):
                recovery.open_recovery(transaction, ids=ids)
                plant = remembered(transaction, wrapping)
        context = ServerContext(
            store=store,
            clock=clock,
            ids=ids,
            random_bytes=random_bytes,
            plant=plant,
            wrapping=wrapping,
            snapshot_cache=SnapshotCache(snapshots),
            daily_bytes=daily_bytes,
            audit_days=audit_days,
        )
        service = cls(context)
        service.judge_parked_again()
        return service

    @property
    def plant(self) -> Plant:
        """The plant that is served."""
        return self.context.plant

    def door(self, action: str, device_id: DeviceId | None = None) -> AbstractContextManager[None]:
        """Notes whoever is turned away in the block: ``device_id``, as they say."""
        return noting_who_is_turned_away(self.context, self.knocks, action, device_id)

    # ------------------------------------------------------------ exchanging

    def push(self, request: PushRequest, *, by: DeviceId) -> PushResponse:
        """Take what a device offers and answer with what is new. Raises ``TurnedDown``."""
        return self.pushed(request, by=by).response

    def pushed(self, request: PushRequest, *, by: DeviceId) -> Pushed:
        """As ``push``, with the facts that the journal and the metrics need."""
        with self.door("session.push", by):
            return push(self.context, request, by=by)

    def snapshot(self, protocol: int = PROTOCOL) -> Iterator[bytes]:
        """A gzip file, in pieces. Raises ``ProgramTooOld`` for a device of another protocol."""
        if protocol != PROTOCOL:
            raise ProgramTooOld
        with self.context.reading() as snapshot:
            recovery.must_not_be_recovering(snapshot)
        return snapshot_file(self.context)

    def take_back(self, request: TailRequest, *, by: DeviceId) -> TailResponse:
        """While the log is recovered: a page of what this server signed since its backup."""
        with self.door("session.push", by):
            return recovery.take_back(self.context, request, by=by)

    # ------------------------------------------------------------ devices and tokens

    def challenge(self) -> Challenge:
        """A nonce for a device to sign, which it then exchanges for a token."""
        return tokens.challenge(self.context)

    def token(self, request: TokenRequest) -> TokenResponse:
        """A token for the device that signed the challenge. Raises ``TurnedDown``."""
        with self.door("session.token", request.device_id):
            return tokens.token(self.context, request)

    def admit(self, token: str) -> Bearer:
        """Who the token was given to, with the roles of now. Raises ``TurnedDown`` where it is not
        valid any more.
        """
        with self.door("session.token"):
            return tokens.admit(self.context, token)

    def enrol(self, request: EnrolRequest) -> EnrolResponse:
        """Let in the device that shows a code. Raises ``TurnedDown``."""
        with self.door("session.enrol", request.device_id):
            return enrolment.enrol(self.context, request)

    def renew(self, request: RenewRequest, *, by: DeviceId) -> EnrolResponse:
        """Let in a copy of the database of device ``by`` as a device of its own. Raises
        ``TurnedDown``.
        """
        with self.door("session.renew", by):
            renewals.renew(self.context, request, by=by)
        with self.context.reading() as snapshot:
            return enrolment.welcome(self.context, snapshot, request.device_id)

    def allow(self, command: AllowRenewal | LiftQuota) -> None:
        """At the server's own terminal, something beyond the limits of a device."""
        enrolment.allow(self.context, command)

    def first_code(self) -> CodeResponse:
        """A code for the first device of the plant. Raises ``TurnedDown`` where one was let in
        already.
        """
        code = enrolment.first_code(self.context)
        note_done(self.context, "session.code_given", by=None)
        return code

    def new_code(self, request: CodeRequest, *, by: Bearer | None) -> CodeResponse:
        """``by``: None at the server's own terminal, as in ``withdraw``."""
        with self.door("session.code_given", by.device_id if by else None):
            code = enrolment.new_code(self.context, request, by=by)
        author = by.user_id if by else None
        note_done(self.context, "session.code_given", by=author, user_id=request.user_id)
        return code

    def withdraw(self, device_id: DeviceId, reason: str, *, by: Bearer | None) -> None:
        """End the right to exchange of a device. ``by``: who asks over HTTP; None for the operator
        of the server.
        """
        with self.door("device.withdraw", by.device_id if by else None):
            enrolment.withdraw(self.context, device_id, reason, by=by)

    def keep_their_key(self, device_id: DeviceId) -> list[str]:
        """The names of those whose key on that device or a copy of it counts."""
        with self.context.reading() as snapshot:
            lines = keys_at(snapshot, device_id)
        return [line.user for line in lines if line.withdrawn is None]

    def family(self, device_id: DeviceId) -> list[DeviceRow]:
        """The device and the others that share its keys, itself first: withdrawn together."""
        with self.context.reading() as snapshot:
            return family_rows(snapshot, device_id)

    def families(self) -> list[list[DeviceRow]]:
        """The devices of people, each with those that share its keys, the oldest first."""
        with self.context.reading() as snapshot:
            rows = {row.id: row for row in enrolment.devices(snapshot)}
            groups = families(UnitOfWork(snapshot))
        return [[rows[each] for each in group] for group in groups if group[0] in rows]

    def devices(self) -> list[DeviceRow]:
        """Every device that was ever let in."""
        with self.context.reading() as snapshot:
            return enrolment.devices(snapshot)

    def programs(self) -> dict[DeviceId, Age]:
        """For each device that has exchanged: whether its program is older or newer than ours."""
        with self.context.reading() as snapshot:
            return programs.ages(snapshot)

    def programs_shown_to(self, by: Bearer) -> dict[DeviceId, Age]:
        """The same, for an administrator over HTTP. Raises ``NotAllowed``, ``PersonNotProved``."""
        with self.door("devices.read", by.device_id):
            must_be_administrator(by)
        return self.programs()

    def name_of(self, device_id: DeviceId) -> str:
        """The name it was enrolled under; "" for a device that is not enrolled."""
        with self.context.reading() as snapshot:
            row = snapshot.get(DeviceRow, device_id)
        return "" if row is None else row.name

    def user_named(self, name: str) -> UserRow:
        """The active user of that name, whatever its case and accents. Raises ``Unknown`` when
        there is none, ``Ambiguous`` when there are several.
        """
        with self.context.reading() as snapshot:
            return user_named(snapshot, name, active=True)

    def everybody_signs(self) -> bool:
        """Whether the plant has everybody sign, so that no person begins by an enrolment alone."""
        with self.context.reading() as snapshot:
            return everybody_must_sign(UnitOfWork(snapshot))

    # ------------------------------------------------------------ its own keys

    def wrapping_id(self) -> str:
        """Of the wrapping key that seals the server's keys; "" where one is stored in clear."""
        with self.context.reading() as snapshot:
            return wrapping_id(snapshot)

    def replace_token_key(self, *, at_once: bool = False) -> None:
        """Tokens get another key. ``at_once``: those of before end now."""
        context = self.context
        with context.writing() as transaction:
            replace_token_key(
                transaction,
                context.wrapping,
                random_bytes=context.random_bytes,
                now=context.clock.now(),
                at_once=at_once,
            )
        note_done(context, "key.tokens_replaced", by=None, at_once=at_once)

    def replace_bundle_key(self, *, accepted_for: timedelta) -> None:
        """Files are sealed for another key. ``accepted_for``: how long the one of before opens the
        files that devices seal for it.
        """
        context = self.context
        with context.writing() as transaction:
            replace_bundle_key(
                transaction,
                context.wrapping,
                random_bytes=context.random_bytes,
                now=context.clock.now(),
                accepted_for=accepted_for,
            )
        context.read_plant()
        note_done(context, "key.bundles_replaced", by=None, days=accepted_for.days)

    def next_signing_key(self) -> str:
        """The public key that is to sign next, made where there is none yet. It signs once an
        administrator has recorded that it comes.
        """
        context = self.context
        with context.writing() as transaction:
            key = next_signing_key(transaction, context.wrapping, random_bytes=context.random_bytes)
        note_done(context, "key.signing_next", by=None, public_key=key)
        return key

    # ------------------------------------------------------------ the log

    def head(self) -> int:
        """The number of the log's last entry. Announces it, in case another process wrote it."""
        with self.context.reading() as snapshot:
            head = snapshot.cursor()
        self.context.log_growth.announce(head)
        return head

    def count_parked(self) -> int:
        """How many commits are parked: of a newer program, not readable yet."""
        with self.context.reading() as snapshot:
            open_items = snapshot.rows(ResolutionItemRow, status="open")
            return sum(1 for item in open_items if item.matter == Matter.PARKED)

    def judge_parked_again(self) -> int:
        """Judges the parked commits again; returns how many entries that added to the log."""
        with self.context.writing() as transaction:
            if recovery.is_recovering(transaction):
                return 0
            return len(judge_parked_again(transaction, state_cache=self.context.state_cache))

    def open_recovery(self) -> None:
        """After the store was restored from a backup: devices hand back what this server signed
        since, and nothing else comes in, until ``begin_new_epoch``.
        """
        with self.context.writing() as transaction:
            recovery.open_recovery(transaction, ids=self.context.ids)
        note_done(self.context, "log.recovery_opened", by=None)

    def is_recovering(self) -> bool:
        """Whether the server takes back what it lacks, and no new work."""
        with self.context.reading() as snapshot:
            return recovery.is_recovering(snapshot)

    def refused_entry(self) -> RefusedEntry | None:
        """The first entry of the log that devices do not take in; None where they take in all.
        Reads the whole log.
        """
        with self.context.reading() as snapshot:
            found = first_refused(snapshot)
            if found is None:
                return None
            entry, why = found
            device = snapshot.get(DeviceRow, entry.commit.device_id)
            user = snapshot.get(UserRow, entry.commit.user_id)
            return RefusedEntry(
                place=entry.global_seq,
                behind=snapshot.cursor() - entry.global_seq,
                commit=entry.commit,
                device=device.name if device else "",
                user=user.name if user else "",
                why=why,
            )

    def mend(self, place: int) -> Mended:
        """Judges the log again from that entry on, in another epoch. Raises ``NotThatEntry``."""
        mended = mend(self.context, place)
        note_done(self.context, "log.mended", by=None, entry=place, judged=mended.judged)
        return mended

    def begin_new_epoch(self) -> int:
        """Begins a new epoch where the log ends: devices then push again what it lacks, and that is
        judged again. Ends the recovery; returns how many entries it brought.
        """
        taken_back = recovery.close(self.context)
        self.judge_parked_again()
        note_done(self.context, "log.epoch_begun", by=None, taken_back=taken_back)
        return taken_back
