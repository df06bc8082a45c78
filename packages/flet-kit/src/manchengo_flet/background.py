"""What takes time runs beside the loop that draws: storage, cryptography, decoding."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def off_loop(work: Callable[[], T]) -> T:
    """What ``work`` answers, called in a thread of its own."""
    return await asyncio.to_thread(work)
