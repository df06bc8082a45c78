"""Much to say: page after page is sent without waiting until what was sent comes back in the log.

While the server gives one page its verdicts, the next is read, signed and packed, and other devices
take in the one before. What stops it is left to the ordinary exchange, which begins again with
whatever was not seen in the log.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from manchengo.application.books import Memo
from manchengo.ports.store import Store
from manchengo_sync.link import Link, LogReset, TooLarge, TooOld
from manchengo_sync.naming import introduce
from manchengo_sync.offering import Page, next_page, page_behind
from manchengo_sync.wire import PushResponse

MOST_AHEAD = 250
"""Commits in one of these pages: small, so that three programs work at once."""

ECHO = 1
"""Entries asked for beside: what comes back is fetched later, all at once."""


def push_ahead(store: Store, link: Link, *, memo: Memo, most: int = MOST_AHEAD) -> int:
    """Send what is pending, where that is more than a page; how many commits are in the server's
    log since. A device that never exchanged sends nothing ahead. ``most``: commits in a page.

    Nothing is taken in. ``LinkError`` when it was not answered.
    """
    with store.reading() as snapshot:
        if snapshot.count_pending() <= most:
            return 0
    introduce(store, link)
    page = next_page(store, memo=memo, most=most)
    if not (page.epoch and page.commits):
        return 0
    sent = 0
    pushes = _pushes(store, link, page, most)
    push = next(pushes, None)
    with ThreadPoolExecutor(1, thread_name_prefix="manchengo push") as postman:
        while push is not None:
            answering = postman.submit(push)
            push = next(pushes, None)
            try:
                answer = answering.result()
            except (LogReset, TooLarge, TooOld):
                break
            sent += len(answer.synced)
            if answer.push_error is not None:
                break
    return sent


def _pushes(
    store: Store, link: Link, page: Page | None, most: int
) -> Iterator[Callable[[], PushResponse]]:
    """That page, and each that follows it when it is asked for."""
    while page is not None:
        yield link.prepared(page.request(limit=ECHO))
        page = page_behind(store, page, most=most)
