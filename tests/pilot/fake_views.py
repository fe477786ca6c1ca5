"""`ViewActions` over the views of a `FakeService`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.errors import StoreError
from store.views import SavedView, ViewNameError

if TYPE_CHECKING:
    from tests.pilot.fake_service import FakeService


class FakeViews:
    """Keeps views in the service's list; `broken` says why nothing can be done."""

    def __init__(self, service: FakeService) -> None:
        """Act on the views of `service`."""
        self._service = service
        self.broken: str | None = None

    def save_view(self, view: SavedView) -> None:
        """Keep a view."""
        if self.broken:
            raise StoreError(self.broken)
        if not view.name.strip():
            raise ViewNameError
        self._service.views = [*(one for one in self._service.views if one.name != view.name), view]

    def delete_view(self, name: str) -> bool:
        """Drop a view."""
        if self.broken:
            raise StoreError(self.broken)
        before = self._service.views
        self._service.views = [one for one in before if one.name != name]
        return len(self._service.views) < len(before)
