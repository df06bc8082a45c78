"""The snapshot files that the server keeps. Any of them may be deleted at any time."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from attrs import frozen

ENDING = ".snapshot"


@frozen(kw_only=True)
class CachedSnapshot:
    """A snapshot file: the epoch of its log, and its last entry."""

    path: Path
    epoch: str
    global_seq: int


@frozen
class SnapshotCache:
    """``folder``: where files are kept; None keeps none, and each snapshot is made in memory."""

    folder: Path | None = None

    def newest(self, epoch: str) -> CachedSnapshot | None:
        """The cached snapshot of that epoch that goes furthest; None where there is none."""
        kept = [each for each in self.all() if each.epoch == epoch]
        return max(kept, key=lambda each: each.global_seq, default=None)

    def all(self) -> Iterator[CachedSnapshot]:
        """Every cached snapshot, in no order."""
        if self.folder is None or not self.folder.is_dir():
            return
        for path in self.folder.glob(f"*{ENDING}"):
            epoch, _, seq = path.name.removesuffix(ENDING).rpartition("_")
            if seq.isdigit():
                yield CachedSnapshot(path=path, epoch=epoch, global_seq=int(seq))

    def path_for(self, epoch: str, global_seq: int) -> Path:
        """Where the file of that log goes; makes the folder."""
        assert self.folder is not None, "only a cache with a folder has paths"
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self.folder / f"{epoch}_{global_seq}{ENDING}"

    def delete_all_but(self, path: Path) -> None:
        """Delete every other one; a file that cannot be deleted stays."""
        for each in self.all():
            if each.path != path:
                with suppress(OSError):
                    each.path.unlink()
