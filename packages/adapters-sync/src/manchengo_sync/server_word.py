"""The server's word: where its log ends, signed. What a device believes of it, and keeps.

A server that signs the end of its log cannot show two devices two histories, or take back what it
showed, without leaving proof of it. A device pins the key, and refuses an answer whose word is
missing, is under another key that nobody signed to come (``server_succession``), or contradicts one
that it holds.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256
from uuid import UUID

from attrs import define, evolve, frozen

from manchengo.application.replication.server_log import Offered
from manchengo.domain.commit import NO_HASH, Commit, LogEntry
from manchengo.domain.ids import DeviceId
from manchengo.ports.clock import Clock
from manchengo.ports.store import Snapshot, Store, Transaction
from manchengo_sync.bundle_keys import receive_bundle_key
from manchengo_sync.link import Link, LogReset, Recovering, Unreachable, UntrustedWord
from manchengo_sync.server_succession import key_known_now
from manchengo_sync.settings import (
    LOG_EPOCH,
    PAST_WORDS,
    PLANT_ID,
    SERVER_KEY,
    SERVER_SIGNING_KEY,
    SERVER_WORDS,
)
from manchengo_sync.signing import is_signed, public_key, sign
from manchengo_sync.wire import (
    BundleKey,
    EnrolResponse,
    PushRequest,
    PushResponse,
    RenewRequest,
    ServerWord,
    TailRequest,
    TailResponse,
    decode,
    encode,
)

MOST_PAST = 10
"""How many words of logs that are no more are kept: proof for people, not needed by programs."""


def message(word: ServerWord) -> bytes:
    """What the server signs. None of the parts before the nonce has a line end in it."""
    fields = (word.plant_id, word.log_epoch, word.global_seq, word.log_hash.hex(), word.nonce)
    return "\n".join(["manchengo end of log 1", *map(str, fields)]).encode()


def signed_word(
    private_key: str,
    *,
    plant_id: UUID,
    log_epoch: str,
    global_seq: int,
    log_hash: bytes,
    nonce: str,
) -> ServerWord:
    """``private_key``: the server's Ed25519 key, in hexadecimal."""
    word = ServerWord(
        plant_id=plant_id,
        log_epoch=log_epoch,
        global_seq=global_seq,
        log_hash=log_hash,
        nonce=nonce,
        key=public_key(private_key),
        signature=b"",
    )
    return evolve(word, signature=sign(private_key, message(word)))


def is_word_of(word: ServerWord, key: str, plant_id: UUID) -> bool:
    """Whether the owner of that public key signed it, about that plant."""
    return (word.key, word.plant_id) == (key, plant_id) and is_signed(
        key, word.signature, message(word)
    )


def fingerprint(key: str) -> str:
    """What people compare of a public key: sixteen digits and letters, in fours."""
    short = sha256(bytes.fromhex(key)).hexdigest()[:16]
    return " ".join(short[begin : begin + 4] for begin in range(0, 16, 4))


# ---------------------------------------------------------------- what a device keeps


@frozen
class KeptWords:
    """What is known of the server's word here: the pinned key, "" where none is, and the words of
    the log of that epoch, in the order of their places.
    """

    key: str
    plant_id: str
    log_epoch: str
    words: tuple[ServerWord, ...]

    @classmethod
    def of(cls, snapshot: Snapshot) -> "KeptWords":
        """As the snapshot has it."""
        epoch = snapshot.setting(LOG_EPOCH) or ""
        kept = _read(snapshot, SERVER_WORDS)
        return cls(
            snapshot.setting(SERVER_SIGNING_KEY) or "",
            snapshot.setting(PLANT_ID) or "",
            epoch,
            tuple(word for word in kept if word.log_epoch == epoch),
        )

    def is_about(self, word: ServerWord) -> bool:
        """Whether it is about the log that is read here: any, before the first answer."""
        return self.log_epoch in ("", word.log_epoch)

    def following(
        self, snapshot: Snapshot, word: ServerWord | None, succession: Sequence[Commit]
    ) -> "KeptWords":
        """The same, with the key of that word pinned where it came for the pinned one."""
        if word is None or self.key in ("", word.key):
            return self
        if key_known_now(snapshot, self.key, succession) != word.key:
            return self
        return evolve(self, key=word.key)

    def check_signature(self, word: ServerWord | None, *, log_epoch: str) -> None:
        """Raises ``UntrustedWord`` unless the pinned key signed it, of that log of this plant.
        Where no key is pinned, any key may have; a server of before signs nothing.
        """
        if word is None:
            if self.key:
                raise UntrustedWord(code="word_unsigned")
            return
        if self.key not in ("", word.key):
            raise UntrustedWord(code="word_of_another_key")
        is_of_this_plant = self.plant_id in ("", str(word.plant_id))
        if (
            not is_signed(word.key, word.signature, message(word))
            or not is_of_this_plant
            or word.log_epoch != log_epoch
        ):
            raise UntrustedWord(code="word_forged", entry=word.global_seq)

    def check_goes_on(self, word: ServerWord) -> None:
        """Raises ``UntrustedWord`` where the server signed before that this log goes on beyond that
        place, or is another one there. The word must be newer than all that are kept.
        """
        if word.log_epoch != self.log_epoch:
            return
        for kept in self.words:
            if word.global_seq < kept.global_seq:
                raise UntrustedWord(code="log_went_back", entry=kept.global_seq)
            if word.global_seq == kept.global_seq and word.log_hash != kept.log_hash:
                raise UntrustedWord(code="two_histories", entry=kept.global_seq)


def keep_word(transaction: Transaction, word: ServerWord, *, replaces: str = "") -> None:
    """Pin its key where none is, or where it came for the one that is, ``replaces``; keep the word
    where it says more of this log than those kept.
    """
    known = KeptWords.of(transaction)
    if known.key in ("", replaces):
        transaction.set_setting(SERVER_SIGNING_KEY, word.key)
    if not known.is_about(word) or word.global_seq == 0:
        return
    words = sorted({*known.words, word}, key=lambda each: each.global_seq)
    cursor = transaction.cursor()
    reached = [each for each in words if each.global_seq <= cursor]
    beyond = [each for each in words if each.global_seq > cursor]
    kept = dict.fromkeys([*reached[-1:], *beyond[:1], *beyond[-1:]])
    _write(transaction, SERVER_WORDS, tuple(kept))


def says_more(snapshot: Snapshot, word: ServerWord, *, replaces: str = "") -> bool:
    """Whether there is something in it to keep, as ``keep_word`` does."""
    known = KeptWords.of(snapshot)
    last = known.words[-1].global_seq if known.words else 0
    is_news = known.is_about(word) and word.global_seq > last
    return known.key in ("", replaces) or is_news


def set_aside_words(transaction: Transaction, *, after: int) -> None:
    """The server says that it has no more of this log than that: what it signed beyond is kept as
    proof, and compared with nothing any more.
    """
    words = KeptWords.of(transaction).words
    gone = [word for word in words if word.global_seq > after]
    if gone:
        _write(transaction, SERVER_WORDS, [word for word in words if word not in gone])
        before = [*_read(transaction, PAST_WORDS), *gone]
        _write(transaction, PAST_WORDS, before[-MOST_PAST:])


def first_contradicted(snapshot: Snapshot, entries: Sequence[LogEntry]) -> LogEntry | None:
    """The first of these entries, if any, in whose place the server signed another."""
    signed = {word.global_seq: word.log_hash for word in KeptWords.of(snapshot).words}
    return next(
        (each for each in entries if signed.get(each.global_seq, each.hash) != each.hash), None
    )


def check_own_log(snapshot: Snapshot, word: ServerWord) -> None:
    """Raises ``UntrustedWord`` where it signs another log than the one that is held here."""
    place = word.global_seq
    if word.log_epoch != snapshot.setting(LOG_EPOCH) or place > snapshot.cursor():
        return
    held = next((entry.hash for entry in snapshot.entries(after=place - 1, limit=1)), NO_HASH)
    if place and held != word.log_hash:
        raise UntrustedWord(code="two_histories", entry=place)


def _read(snapshot: Snapshot, name: str) -> tuple[ServerWord, ...]:
    stored = snapshot.setting(name)
    return decode(stored.encode(), tuple[ServerWord, ...]) if stored else ()


def _write(transaction: Transaction, name: str, words: Sequence[ServerWord]) -> None:
    transaction.set_setting(name, encode(tuple(words)).decode())


# ---------------------------------------------------------------- in files


def receive_word(store: Store, response: PushResponse) -> None:
    """Raises ``UntrustedWord`` unless the word of an answer in a file is the server's and of the
    log that is held here. An answer may be carried long: that there is more by now is no
    contradiction.
    """
    with store.reading() as snapshot:
        pinned = KeptWords.of(snapshot)
        known = pinned.following(snapshot, response.word, response.succession)
        known.check_signature(response.word, log_epoch=response.log_epoch)
        if response.word is None:
            return
        check_own_log(snapshot, response.word)
        replaces = "" if known.key == pinned.key else pinned.key
        is_news = says_more(snapshot, response.word, replaces=replaces)
    if is_news:
        with store.writing(durable=False) as transaction:
            keep_word(transaction, response.word, replaces=replaces)
    receive_bundle_key(store, response.bundle_key, signing_key=response.word.key, nonce="")


def receive_refusal(store: Store, refusal: LogReset | Recovering) -> None:
    """Raises ``UntrustedWord`` unless the server signed what it says of its log instead of an
    answer.
    """
    with store.reading() as snapshot:
        known = KeptWords.of(snapshot).following(snapshot, refusal.word, refusal.succession)
        known.check_signature(refusal.word, log_epoch=refusal.log_epoch)
    if isinstance(refusal, LogReset) and refusal.word is not None:
        receive_bundle_key(store, refusal.bundle_key, signing_key=refusal.word.key, nonce="")


# ---------------------------------------------------------------- on the way


@define
class CheckedLink(Link):
    """A link whose answers are believed only with the server's word, which is kept. ``pinned``: the
    fingerprint of the key that was pinned by one of them, where none was known before;
    ``replaced``: that of the key that came for the one before. "" where there was none.
    """

    store: Store
    link: Link
    clock: Clock
    pinned: str = ""
    replaced: str = ""
    _asked: int = 0

    @classmethod
    def around(cls, store: Store, link: Link, clock: Clock) -> "CheckedLink":
        """That link, checked once."""
        return link if isinstance(link, CheckedLink) else cls(store, link, clock)

    def push(self, request: PushRequest) -> PushResponse:
        """As the link. Raises ``UntrustedWord``."""
        return self.prepared(request)()

    def prepared(self, request: PushRequest) -> Callable[[], PushResponse]:
        """As the link. The call raises ``UntrustedWord``, and ``Unreachable`` where the answer was
        given to another request.
        """
        self._asked += 1
        nonce = f"{self.clock.now().isoformat()} {self._asked}"
        with self.store.reading() as snapshot:
            known = KeptWords.of(snapshot)  # what is signed later may come in first
            bundle_key = snapshot.setting(SERVER_KEY) or ""
        push = self.link.prepared(
            evolve(request, nonce=nonce, signing_key=known.key, bundle_key=bundle_key)
        )

        def pushed() -> PushResponse:
            try:
                answer = push()
            except (LogReset, Recovering) as refusal:
                if isinstance(refusal, Recovering) and refusal.word is None:
                    raise  # nothing follows from it: the device was given no token
                following = self._following(known, refusal.word, refusal.succession)
                self._check(following, refusal.word, nonce, log_epoch=refusal.log_epoch)
                if isinstance(refusal, LogReset) and refusal.word is not None:
                    self._receive_bundle_key(refusal.bundle_key, refusal.word)
                raise
            following = self._following(known, answer.word, answer.succession)
            self._check(following, answer.word, nonce, log_epoch=answer.log_epoch)
            if answer.word is not None:
                if answer.word.global_seq != answer.head:
                    raise UntrustedWord(code="word_forged", entry=answer.head)
                known.check_goes_on(answer.word)
                self._keep(answer.word, "" if following.key == known.key else known.key)
                self._receive_bundle_key(answer.bundle_key, answer.word)
            return answer

        return pushed

    def _receive_bundle_key(self, named: BundleKey | None, checked: ServerWord) -> None:
        receive_bundle_key(self.store, named, signing_key=checked.key, nonce=checked.nonce)

    def _following(
        self, known: KeptWords, word: ServerWord | None, succession: Sequence[Commit]
    ) -> KeptWords:
        if word is None or known.key in ("", word.key):
            return known
        with self.store.reading() as snapshot:
            return known.following(snapshot, word, succession)

    def _check(
        self, known: KeptWords, word: ServerWord | None, nonce: str, *, log_epoch: str
    ) -> None:
        known.check_signature(word, log_epoch=log_epoch)
        if word is not None and word.nonce != nonce:
            raise Unreachable(why="the answer to another question came", was_sent=True)

    def _keep(self, word: ServerWord, replaces: str) -> None:
        with self.store.reading() as snapshot:
            is_news = says_more(snapshot, word, replaces=replaces)
            before = KeptWords.of(snapshot).key
        if is_news:
            with self.store.writing(durable=False) as transaction:
                keep_word(transaction, word, replaces=replaces)
        if not before:
            self.pinned = fingerprint(word.key)
        elif before == replaces:
            self.replaced = fingerprint(word.key)

    def let_in(self, device_id: DeviceId, enrolment: Offered | None = None) -> None:
        """As the link."""
        self.link.let_in(device_id, enrolment)

    def renew(self, request: RenewRequest) -> EnrolResponse:
        """As the link."""
        return self.link.renew(request)

    def return_tail(self, request: TailRequest) -> TailResponse:
        """As the link."""
        return self.link.return_tail(request)
