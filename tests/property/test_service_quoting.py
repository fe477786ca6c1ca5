"""Whatever stands in a path stands in the command that the system will run."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from cli.service.launchd import Launchd
from cli.service.marker import whose
from cli.service.plan import ServicePlan
from cli.service.program import require_writable
from cli.service.systemd import Systemd

WORDS = st.text(
    st.one_of(st.sampled_from(" %$\"'\\;&<>=#~{}é"), st.characters(exclude_categories=["Cc", "Cs"])), max_size=12
)


@given(st.lists(WORDS, min_size=1, max_size=4))
def test_every_argument_comes_back(words: list[str]) -> None:
    command = tuple("/" + word for word in words)
    require_writable(*command)
    plan = ServicePlan(command, Path("/s"), Path("/"), {"NAME": words[0]})
    for manager in (Systemd({"XDG_CONFIG_HOME": "/c"}), Launchd()):
        text = manager.text(plan)
        assert manager.command_in(text) == command
        assert whose(text) == "ours"
