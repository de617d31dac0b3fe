"""The response cache: answers that were made once and may be asked for again; a vault does not change while served."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock

_OVERHEAD = 2_000  # bytes, about what the headers and the place in the cache take


class ResponseCache:
    """Keeps things by key, no more than `room` bytes of them; what was not asked for longest goes first."""

    def __init__(self, room: int = 64_000_000) -> None:
        self.room = room
        self._free = room
        self._kept: OrderedDict[Hashable, tuple[object, int]] = OrderedDict()
        self._lock = Lock()

    def find(self, key: Hashable) -> object | None:
        """Return what is kept under a key; None where there is nothing."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
            return found[0]

    def keep(self, key: Hashable, thing: object, size: int = 0) -> None:
        """Keep a thing of so many bytes, unless it would take more than an eighth of the room."""
        size += _OVERHEAD
        if size > self.room // 8:
            return
        with self._lock:
            old = self._kept.pop(key, None)
            self._free += (old[1] if old else 0) - size
            self._kept[key] = thing, size
            while self._free < 0:
                self._free += self._kept.popitem(last=False)[1][1]
