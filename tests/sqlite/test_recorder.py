"""The recorder passes, unchanged, the test cases that the eventsourcing library ships."""

from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest
from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.tests.persistence import (
    ApplicationRecorderTestCase,
    NonInterleavingNotificationIDsBaseCase,
)

from manchengo_sqlite.recorder import EventRecorder
from tests.support.blank_files import new_file


class OnAnEncryptedFile:
    """A recorder on a fresh encrypted database, taken away afterwards."""

    def setUp(self) -> None:
        self.folder = TemporaryDirectory()
        self.store = new_file(Path(self.folder.name) / "log.db", key=bytes(range(32)))

    def tearDown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    def create_recorder(self) -> EventRecorder:
        return EventRecorder(self.store.engine)


class TestApplicationRecorder(OnAnEncryptedFile, ApplicationRecorderTestCase[EventRecorder]):
    def test_subscription_sees_what_comes_later(self) -> None:
        recorder = self.create_recorder()
        with recorder.subscribe() as subscription:
            recorder.insert_events([StoredEvent(uuid4(), 1, "topic", b"state")])
            assert next(subscription).topic == "topic"


class TestNotificationIdsDoNotInterleave(OnAnEncryptedFile, NonInterleavingNotificationIDsBaseCase):
    pass


def test_a_taken_version_leaves_nothing_of_the_whole_insertion(tmp_path: Path) -> None:
    with new_file(tmp_path / "log.db", key=bytes(range(32))) as store:
        recorder = EventRecorder(store.engine)
        taken, other = StoredEvent(uuid4(), 1, "t", b"1"), StoredEvent(uuid4(), 1, "t", b"2")
        recorder.insert_events([taken])
        with pytest.raises(IntegrityError):
            recorder.insert_events([other, taken])
        assert recorder.select_events(other.originator_id) == []
        assert recorder.max_notification_id() == 1
