"""All sources that are known, found by inode, by path, by what they begin with, and by name where they are gone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from ingest.scan.names import unrotated_name
from ingest.scan.tracked import Tracked

Head = tuple[int, bytes]
"""How many first bytes were hashed, and their hash."""


class SourceBook:
    """Indexes over the tracked sources. Whoever changes a source's path, checkpoint or `gone` tells the book."""

    def __init__(self, known: Iterable[Tracked] = ()) -> None:
        """Start with what the store knows."""
        self.by_path: dict[bytes, Tracked] = {}
        """Sources whose files are there."""
        self._sources: dict[int, Tracked] = {}
        self._by_inode: dict[tuple[int, int], Tracked] = {}
        self._by_head: dict[Head, dict[int, Tracked]] = {}
        self._heads: dict[int, Head] = {}
        self._head_sizes: dict[int, int] = defaultdict(int)
        self._gone_by_name: dict[bytes, dict[int, Tracked]] = defaultdict(dict)
        self._generations: dict[bytes, int] = {}
        for tracked in known:
            self.add(tracked)

    def __iter__(self) -> Iterator[Tracked]:
        """Go through all sources, gone ones included."""
        return iter(list(self._sources.values()))

    def __len__(self) -> int:
        """Return how many sources are known, gone ones included."""
        return len(self._sources)

    def add(self, tracked: Tracked) -> None:
        """Take a source in."""
        self._sources[tracked.source_no] = tracked
        if tracked.gone:
            self._gone_by_name[unrotated_name(tracked.path)][tracked.source_no] = tracked
        else:
            self.by_path[tracked.path] = tracked
        self.note(tracked)

    def note(self, tracked: Tracked) -> None:
        """Index a source anew after its checkpoint changed."""
        checkpoint = tracked.checkpoint
        if checkpoint is None:
            return
        identity = (checkpoint.device, checkpoint.inode)
        holder = self._by_inode.get(identity)
        if holder is None or holder.gone or not tracked.gone:
            self._by_inode[identity] = tracked
        highest = self._generations.get(tracked.lineage, 0)
        self._generations[tracked.lineage] = max(highest, checkpoint.generation)
        head = (checkpoint.head_size, checkpoint.head)
        if self._heads.get(tracked.source_no) != head:
            self._drop_head(tracked)
            if checkpoint.head_size and tracked.several:
                self._heads[tracked.source_no] = head
                self._head_sizes[checkpoint.head_size] += 1
                self._by_head.setdefault(head, {})[tracked.source_no] = tracked

    def with_inode(self, identity: tuple[int, int]) -> Tracked | None:
        """Return the source that had this device and inode, one that is there before one that is gone."""
        tracked = self._by_inode.get(identity)
        checkpoint = tracked.checkpoint if tracked is not None else None
        if checkpoint is None or (checkpoint.device, checkpoint.inode) != identity:
            return None  # the source has gone on in another file since
        return tracked

    def forget_inode(self, identity: tuple[int, int]) -> None:
        """Note that the inode belongs to another file now."""
        self._by_inode.pop(identity, None)

    def lose(self, tracked: Tracked) -> None:
        """Note that the source's file is no longer there."""
        if not tracked.gone:
            tracked.gone = True
            tracked.facts = None
            tracked.release()
            if self.by_path.get(tracked.path) is tracked:
                del self.by_path[tracked.path]
            self._gone_by_name[unrotated_name(tracked.path)][tracked.source_no] = tracked

    def place(self, tracked: Tracked, path: bytes, folder_no: int) -> None:
        """Note that the source's file is at `path`."""
        if tracked.gone:
            self._gone_by_name[unrotated_name(tracked.path)].pop(tracked.source_no, None)
        elif self.by_path.get(tracked.path) is tracked:
            del self.by_path[tracked.path]
        tracked.gone = False
        tracked.path, tracked.folder_no = path, folder_no
        tracked.facts = None
        tracked.release()
        self.by_path[path] = tracked

    def knows(self, lineage: bytes) -> bool:
        """Return whether a source of this lineage was read."""
        return lineage in self._generations

    def next_generation(self, lineage: bytes) -> int:
        """Return a generation number that no source of this lineage has used."""
        return self._generations.get(lineage, 0) + 1

    def head_sizes(self, size: int) -> list[int]:
        """Return the lengths of known beginnings that fit into `size` bytes, longest first."""
        return sorted((known for known, users in self._head_sizes.items() if users and known <= size), reverse=True)

    def beginning_with(self, head: Head) -> list[Tracked]:
        """Return the sources of several records whose known beginning is this one."""
        return list(self._by_head.get(head, {}).values())

    def gone_named(self, path: bytes) -> list[Tracked]:
        """Return the gone sources of the same base name, without what rotation adds to names."""
        return list(self._gone_by_name.get(unrotated_name(path), {}).values())

    def _drop_head(self, tracked: Tracked) -> None:
        head = self._heads.pop(tracked.source_no, None)
        if head is None:
            return
        self._head_sizes[head[0]] -= 1
        users = self._by_head[head]
        del users[tracked.source_no]
        if not users:
            del self._by_head[head]
