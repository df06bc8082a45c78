"""The keys that a test's own server let in are known, as if its log had them."""

from collections.abc import Iterator

import pytest

from manchengo.domain.ids import DeviceId
from manchengo_sync.log_proofs import Authors
from tests.sync.plant import KEYS


@pytest.fixture(autouse=True)
def keys_are_known(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    in_the_log = Authors.let_in_with

    def let_in_with(authors: Authors, device_id: DeviceId) -> list[str]:
        found = in_the_log(authors, device_id)
        return found or KEYS.get(device_id, found)

    monkeypatch.setattr(Authors, "let_in_with", let_in_with)
    yield
    KEYS.clear()
