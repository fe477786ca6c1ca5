"""The tests' own surrounding: frozen, and never the user's."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tests.conftest import FROZEN_ENVIRONMENT, skip_is_forbidden


def test_home_is_empty_and_temporary(home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert Path.home() == home
    assert home.is_relative_to(tmp_path_factory.getbasetemp())
    assert list(home.iterdir()) == []


def test_nothing_of_the_users_settings_is_left() -> None:
    assert [name for name in os.environ if name.startswith(("AUDITAIL_", "XDG_"))] == []
    assert {name: os.environ[name] for name in FROZEN_ENVIRONMENT} == FROZEN_ENVIRONMENT


@pytest.mark.parametrize(("epoch_s", "offset_h"), [(1_769_509_800, 1), (1_785_148_200, 2)])
def test_local_time_is_not_utc_and_has_summer(epoch_s: int, offset_h: int) -> None:
    assert time.localtime(epoch_s).tm_gmtoff == offset_h * 3600


@pytest.mark.parametrize(
    ("reason", "corpora_exist", "forbidden"),
    [
        ("tmux is not installed", False, True),
        ("corpora are absent", False, False),
        ("no corpus here", False, False),
        ("corpora are absent", True, True),
        ("A REALLY FULL DISK WAS NOT TESTED: only root may mount a small one", True, False),
    ],
)
def test_only_what_cannot_be_installed_excuses_a_skip(reason: str, corpora_exist: bool, forbidden: bool) -> None:
    assert skip_is_forbidden(reason, corpora_exist=corpora_exist) is forbidden
