"""All sources that are known, found by inode, by path, by what they begin with, and by name where they are gone.

Those that are done with are hashes in a `SettledIndex`; whoever finds one here has woken it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from ingest.containers.content import Content, content_of
from ingest.scan.beside import Beside
from ingest.scan.names import NameRules, unrotated_name
from ingest.scan.opening import Unreadable, opened
from ingest.scan.settled import SettledIndex, has_mark
from ingest.scan.tracked import Tracked
from store.settled import SettledFile

Head = tuple[int, bytes]
"""How many first bytes were hashed, and their hash."""


class SourceBook:
    """Indexes over the tracked sources. Whoever changes a source's path, checkpoint or `gone` tells the book."""

    def __init__(self, known: Iterable[Tracked], settled: SettledIndex, rules: NameRules) -> None:
        """Start with what the store knows."""
        self.by_path: dict[bytes, Tracked] = {}
        """Sources whose files are there, without those that have settled; see `at`."""
        self.settled = settled
        self.beside = Beside(rules)
        """Where files went whose places others have taken."""
        self._sources: dict[int, Tracked] = {}
        self._by_inode: dict[tuple[int, int], Tracked] = {}
        self._by_head: dict[Head, dict[int, Tracked]] = {}
        self._heads: dict[int, Head] = {}
        self._head_sizes: dict[int, int] = defaultdict(int)
        self._gone_by_name: dict[bytes, dict[int, Tracked]] = defaultdict(dict)
        self._generations: dict[bytes, int] = {}
        self.on_lose: Callable[[Tracked], None] | None = None
        """Told of every source whose file is gone or was written anew."""
        for tracked in known:
            self.add(tracked)

    def __iter__(self) -> Iterator[Tracked]:
        """Go through all sources that have not settled, gone ones included."""
        return iter(list(self._sources.values()))

    def __len__(self) -> int:
        """Return how many sources have not settled, gone ones included."""
        return len(self._sources)

    def __contains__(self, tracked: object) -> bool:
        """Return whether this is a source of the book that has not settled."""
        return isinstance(tracked, Tracked) and self._sources.get(tracked.source_no) is tracked

    def at(self, path: bytes) -> Tracked | None:
        """Return the source whose file is at a path, as far as is known.

        Raises:
            StoreError: it had settled, and the store could not be told that it has not any more.
        """
        tracked = self.by_path.get(path)
        if tracked is None:
            file = self.settled.at(path)
            return self._wake_where_it_is(file) if file is not None else None
        return tracked

    def changed_at(self, path: bytes, identity: tuple[int, int]) -> Tracked | None:
        """Return the settled source at a path, if its file is still the same one; something about it has changed.

        Raises:
            StoreError: see `at`.
        """
        file = self.settled.at(path)
        if file is None:
            return None
        if (file.device, file.inode) != identity:
            self.beside.expect(path, file.inode)
            return None
        tracked = self._wake_where_it_is(file)
        if tracked.checkpoint is not None:
            tracked.checkpoint.mtime_ns = 0  # so that it is read, whatever its time says
        return tracked

    def retire(self, tracked: Tracked, file: SettledFile) -> None:
        """Keep only hashes of a source that has settled."""
        del self._sources[tracked.source_no]
        if self.by_path.get(tracked.path) is tracked:
            del self.by_path[tracked.path]
        name = unrotated_name(tracked.path)
        if tracked.gone and self._gone_by_name[name].pop(tracked.source_no, None) and not self._gone_by_name[name]:
            del self._gone_by_name[name]
        identity = (file.device, file.inode)
        if self._by_inode.get(identity) is tracked:
            del self._by_inode[identity]
        self._drop_head(tracked)
        self._generations.pop(tracked.lineage, None)
        self.settled.take_in(file)

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

    def with_inode(self, identity: tuple[int, int], content: Content) -> Tracked | None:
        """Return the source that had this device and inode, one that is there before one that is gone.

        `content` is that of the file that has them now: a settled source that is gone must be what it begins with.

        Raises:
            StoreError: see `at`.
        """
        tracked = self._by_inode.get(identity)
        checkpoint = tracked.checkpoint if tracked is not None else None
        if checkpoint is None or (checkpoint.device, checkpoint.inode) != identity:
            return self._settled_with_inode(identity, content)  # the source has gone on in another file since
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
            if self.on_lose is not None:
                self.on_lose(tracked)

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

    def gone_named(self, path: bytes, content: Content) -> list[Tracked]:
        """Return the gone sources of the same base name, without what rotation adds to names.

        Those that have settled are among them only where the file begins with what was read of them.

        Raises:
            StoreError: see `at`.
        """
        for file in self.settled.gone_named(path):
            if has_mark(file, content):
                self._wake(file, content)
        return list(self._gone_by_name.get(unrotated_name(path), {}).values())

    def _settled_with_inode(self, identity: tuple[int, int], content: Content) -> Tracked | None:
        for file in sorted(self.settled.with_inode(identity), key=lambda one: one.gone):
            if not file.gone or has_mark(file, content):
                return self._wake(file, content)
            self.settled.forget_inode(file)
        return None

    def _wake_where_it_is(self, file: SettledFile) -> Tracked:
        """Wake a settled source with an open file that still begins with what was read, if there is one beside it."""
        for find in (lambda: file.path, lambda: self.beside.find(file.path, file.inode)):
            place = find()
            if place is None:
                break
            try:
                with opened(place) as (descriptor, facts):
                    content = content_of(place, descriptor)
                    if has_mark(file, content) or facts.inode == file.inode:
                        return self._wake(file, content)
            except Unreadable:
                continue
        return self._wake(file, None)

    def _wake(self, file: SettledFile, content: Content | None) -> Tracked:
        tracked = self.settled.wake(file, content)
        self.add(tracked)
        return tracked

    def _drop_head(self, tracked: Tracked) -> None:
        head = self._heads.pop(tracked.source_no, None)
        if head is None:
            return
        self._head_sizes[head[0]] -= 1
        users = self._by_head[head]
        del users[tracked.source_no]
        if not users:
            del self._by_head[head]
