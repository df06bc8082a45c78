"""Sends page after page without waiting until the earlier ones come back in the log.

While the server judges one page, this device reads, signs and compresses the next, and other
devices apply the one before. Where a push stops, the ordinary exchange goes on: it first applies
what the log holds by then.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from attrs import define

from manchengo.application.unit_of_work import StateCache
from manchengo.ports.store import Store
from manchengo_sync.device_identity import introduce
from manchengo_sync.link import Link, LinkError, LogReset, Recovering, TooLarge, TooOld
from manchengo_sync.outgoing import Page, next_page, page_behind
from manchengo_sync.page_size import PageSize
from manchengo_sync.wire import PushResponse

MOST_AHEAD = 250
"""Commits in one of these pages: small, so that three programs work at once."""

ECHO = 1
"""Entries asked for in each of these pushes: the others are pulled later, all at once."""


@define
class Ahead:
    """``sent``: how many commits are in the server's log since. ``answer``: the first of the
    answers, whose entries are to be applied if nothing else is fetched. ``broken_off``: what ended
    it, where a page was not answered.
    """

    sent: int = 0
    answer: PushResponse | None = None
    broken_off: LinkError | None = None


def push_ahead(
    store: Store,
    link: Link,
    *,
    state_cache: StateCache,
    most: int = MOST_AHEAD,
    page_size: PageSize | None = None,
) -> Ahead:
    """Sends the pending commits, where they are more than a page. A device that never exchanged
    sends none.

    ``most``: commits in a page. Nothing is applied here. The caller has applied what the log
    already holds of this device; otherwise it is sent again.
    """
    done = Ahead()
    size = page_size or PageSize.of(store)
    with store.reading() as snapshot:
        if snapshot.count_pending() <= min(most, size.now):
            return done
    pushes = _pushes(store, link, state_cache, lambda: min(most, size.now))
    try:
        introduce(store, link)
        with ThreadPoolExecutor(1, thread_name_prefix="manchengo push") as postman:
            push = next(pushes, None)
            while push is not None:
                answering = postman.submit(push)
                push = next(pushes, None)
                answer = answering.result()
                size.passed()
                done.sent += len(answer.synced)
                done.answer = done.answer or answer
                if answer.push_error is not None:
                    break
    except (LogReset, Recovering, TooLarge, TooOld):
        pass  # the ordinary exchange meets it too, and handles it
    except LinkError as error:
        done.broken_off = error
    return done


def _pushes(
    store: Store, link: Link, state_cache: StateCache, most: Callable[[], int]
) -> Iterator[Callable[[], PushResponse]]:
    """The first page, and each that follows it when it is asked for."""
    page: Page | None = next_page(store, state_cache=state_cache, most=most())
    if page is None or not (page.epoch and page.commits):
        return
    while page is not None:
        yield link.prepared(page.request(limit=ECHO))
        page = page_behind(store, page, most=most())
