"""The next page to push: the oldest pending commits, sealed and signed, within a bound."""

from collections.abc import Collection, Iterator

from attrs import evolve, field, frozen

from manchengo.application.replication.resealing import follows, reseal_pending
from manchengo.application.replication.server_log import Offered
from manchengo.application.unit_of_work import StateCache
from manchengo.domain.ids import DeviceId
from manchengo.ports.store import Pending, Snapshot, Store
from manchengo_sync import wire
from manchengo_sync.apply_entries import forgetting_on_failure
from manchengo_sync.settings import LOG_EPOCH, device_id, required
from manchengo_sync.signing import DEVICE_KEY, sign


@frozen(kw_only=True)
class Page:
    """What this device has of the log, and the commits that it offers. ``pending``: how many wait
    here in all, those offered among them.
    """

    device_id: DeviceId
    epoch: str
    cursor: int
    log_hash: bytes
    pending: int
    commits: tuple[Offered, ...] = field(default=(), repr=False)

    def request(self, *, limit: int, wait: float = 0.0) -> wire.PushRequest:
        """The request that offers this page. ``limit``: entries wanted back; ``wait``: seconds."""
        return wire.PushRequest(
            protocol=wire.PROTOCOL,
            replica_id=self.device_id,
            log_epoch=self.epoch,
            cursor=self.cursor,
            log_hash=self.log_hash,
            schema_max=wire.schema_max(),
            limit=limit,
            commits=self.commits,
            wait=0.0 if self.commits else min(wait, wire.LONGEST_WAIT),
            unsent=max(0, self.pending - len(self.commits)),
        )

    def halved(self) -> "Page":
        """This page with the first half of its commits."""
        return evolve(self, commits=self.commits[: len(self.commits) // 2])


def empty_page(store: Store) -> Page:
    """A page without commits: which device asks, and up to where it has the log.

    Raises ``NotJoined`` when it has no device id.
    """
    with store.reading() as snapshot:
        return _empty_page(snapshot)


def next_page(
    store: Store,
    *,
    state_cache: StateCache,
    without: Collection[DeviceId] = (),
    most: int | None = None,
    size: int | None = None,
) -> Page:
    """The oldest pending commits, without those of the devices in ``without``. Commits that do not
    follow the log are sealed again first.

    ``most``: commits, ``size``: bytes, by default those of a push; a single commit may be larger.
    Raises ``NotJoined`` when there is something to sign and no key.
    """
    bounds = most or wire.MOST_COMMITS, size or wire.MOST_BYTES
    with store.reading() as snapshot:
        page = _read(snapshot, without, *bounds)
    if page is None:
        with forgetting_on_failure(state_cache), store.writing() as transaction:
            reseal_pending(transaction, device_id(transaction), state_cache=state_cache)
            page = _read(transaction, without, *bounds)
        assert page is not None, "what was just sealed again follows"
    return page


def page_behind(store: Store, page: Page, *, most: int) -> Page | None:
    """The next ``most`` commits of this device after the last one of that page; None where the next
    commit does not follow that one in this device's chain.
    """
    before = page.commits[-1].commit
    with store.reading() as snapshot:
        page_now = _empty_page(snapshot)
        behind = list(snapshot.pending(after=before.id, limit=most))
        key = snapshot.setting(DEVICE_KEY)
    weight = 0
    offered: list[Offered] = []
    for waiting in behind:
        commit = waiting.commit
        weight += len(wire.encode(commit))
        link = (commit.device_id, commit.sequence, commit.previous)
        is_next = link == (page.device_id, before.sequence + 1, before.hash)
        if not (key and is_next) or waiting.signature:
            return None
        if offered and weight > wire.MOST_BYTES:
            break
        offered.append(Offered(commit=commit, signature=sign(key, commit.hash)))
        before = commit
    return evolve(page_now, commits=tuple(offered)) if offered else None


def _empty_page(snapshot: Snapshot) -> Page:
    return Page(
        device_id=device_id(snapshot),
        epoch=snapshot.setting(LOG_EPOCH) or "",
        cursor=snapshot.cursor(),
        log_hash=snapshot.log_hash(),
        pending=snapshot.count_pending(),
    )


def _read(snapshot: Snapshot, without: Collection[DeviceId], most: int, size: int) -> Page | None:
    """The page as it is stored; None when a commit does not follow the log."""
    page = _empty_page(snapshot)
    waiting = list(_oldest(snapshot, without, most, size))
    if not follows(snapshot, page.device_id, waiting):
        return None
    offered = [each for each in waiting if each.commit.device_id not in without]
    key = ""
    if not all(each.signature for each in offered):
        key = required(snapshot, DEVICE_KEY)  # only own commits are unsigned: checked above
    return evolve(
        page,
        commits=tuple(
            Offered(commit=each.commit, signature=each.signature or sign(key, each.commit.hash))
            for each in offered
        ),
    )


def _oldest(
    snapshot: Snapshot, without: Collection[DeviceId], most: int, size: int
) -> Iterator[Pending]:
    """The oldest pending commits, as many as make a page, and those of other devices among them."""
    count = weight = 0
    for waiting in snapshot.pending():
        if waiting.commit.device_id not in without:
            weight += len(wire.encode(waiting.commit))
            if count == most or (count and weight > size):
                return
            count += 1
        yield waiting


def in_pages(commits: tuple[Offered, ...], limit: int) -> Iterator[tuple[Offered, ...]]:
    """The commits in pages: at least one page, and each as large as a push may be. ``limit``: how
    many commits make one, at most.
    """
    page: list[Offered] = []
    size = 0
    for offered in commits:
        weight = len(wire.encode(offered))
        if page and (len(page) == limit or size + weight > wire.MOST_BYTES):
            yield tuple(page)
            page, size = [], 0
        page.append(offered)
        size += weight
    yield tuple(page)
