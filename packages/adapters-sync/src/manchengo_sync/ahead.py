"""Much to say: page after page is sent without waiting until what was sent comes back in the log.

While the server gives one page its verdicts, the next is read and signed, and other devices take in
the one before. What stops it is left to the ordinary exchange, which begins again with whatever was
not seen in the log.
"""

from concurrent.futures import ThreadPoolExecutor

from manchengo.application.books import Memo
from manchengo.ports.store import Store
from manchengo_sync.link import Link, LogReset, TooLarge, TooOld
from manchengo_sync.naming import introduce
from manchengo_sync.offering import next_page, page_behind

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
    sent = 0
    with ThreadPoolExecutor(1, thread_name_prefix="manchengo push") as postman:
        while page.epoch and page.commits:
            answering = postman.submit(link.push, page.request(limit=ECHO))
            following = page_behind(store, page, most=most)
            try:
                answer = answering.result()
            except (LogReset, TooLarge, TooOld):
                break
            sent += len(answer.synced)
            if answer.push_error is not None or following is None:
                break
            page = following
    return sent
