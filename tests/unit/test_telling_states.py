"""What `auditail status` says of rules and of those who are told of alerts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.attention import attention_to_alerts
from cli.detection_state import detection_state
from cli.report import RuleCounts
from config.alerts import NotifyTarget
from store.alerts.notice_queue import NoticeQueue
from store.alerts.targets import TargetState
from store.store import Store
from tests.e2e.cli_process import in_process
from tests.events import SECOND, open_reader, open_store
from tests.notices import NOW, notice, queue

PAGER = NotifyTarget(command=("page",))
HOOK = NotifyTarget(name="on call", webhook="https://a.example/token")
DAY = 86_400 * SECOND
FINE = RuleCounts(20, 1, 5, ())


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path) as opened:
        yield opened


def states(folder: Path, now_us: int = NOW + 60 * SECOND) -> tuple[TargetState, ...]:
    reader = open_reader(folder)
    try:
        return reader.telling(now_us)
    finally:
        reader.close()


def told(store: Store, target: NotifyTarget, at_us: int, **outcome: str) -> None:
    """Take the next notice and write down what came of it: told, or `put_off` or `give_up` with an error."""
    waiting = NoticeQueue(store)
    taken = waiting.take(target.identity, at_us, at_us + SECOND)
    assert taken is not None
    if "put_off" in outcome:
        waiting.put_off(taken, at_us + DAY, 1, outcome["put_off"])
    elif "give_up" in outcome:
        waiting.give_up(taken, at_us, 1, outcome["give_up"])
    else:
        waiting.told(taken, at_us, 1)


def test_where_nobody_was_to_be_told_there_is_nothing_to_say(store: Store, tmp_path: Path) -> None:
    assert store.path.exists()
    assert states(tmp_path) == ()


def test_each_target_has_its_numbers_and_its_last_failure(store: Store, tmp_path: Path) -> None:
    queue(store, PAGER, [notice(1)])
    queue(store, HOOK, [notice(number) for number in range(1, 6)], NOW + 1)
    told(store, PAGER, NOW)
    told(store, HOOK, NOW + 1, put_off="the address answered 500")
    told(store, HOOK, NOW + 1, put_off="the address answered 503")
    told(store, HOOK, NOW + 1, give_up="the address answered 404")
    told(store, HOOK, NOW + 1)
    assert states(tmp_path) == (
        TargetState("on call", 3, 2, 1, 1, NOW + 1, "the address answered 503"),
        TargetState("page", 0, 0, 0, 1, None, None),
    )


def test_what_was_done_is_told_of_for_a_day_and_what_became_needless_is_no_failure(
    store: Store, tmp_path: Path
) -> None:
    queue(store, HOOK, [notice(1)])
    queue(store, PAGER, [notice(1)])
    told(store, PAGER, NOW, give_up="no")
    NoticeQueue(store).give_up_others([PAGER.identity], NOW)
    assert states(tmp_path) == (
        TargetState("on call", 0, 0, 0, 0, None, None),
        TargetState("page", 0, 0, 1, 0, None, "no"),
    )
    assert states(tmp_path, NOW + DAY + 1) == ()


@pytest.mark.parametrize(
    ("rules", "target", "said"),
    [
        (FINE, TargetState("page", 1, 0, 0, 9, NOW, None), []),
        (FINE, TargetState("page", 0, 0, 0, 9, None, None), []),
        (RuleCounts(20, 0, 5, ("a:1: b", "a:2: b")), None, ["2 rules cannot be used: `auditail rules list` says why"]),
        (
            FINE,
            TargetState("page", 3, 1, 0, 9, NOW - 7_200 * SECOND, "it ended with 1"),
            ["page cannot be told of alerts (it ended with 1): 3 notifications waiting, the oldest for 2.0 h"],
        ),
        (
            FINE,
            TargetState("page", 1, 0, 0, 9, NOW - 700 * SECOND, None),
            ["1 notification to page waiting: they are told while a dashboard or the service reads"],
        ),
        (
            FINE,
            TargetState("page", 0, 0, 2, 9, None, "the address answered 404"),
            ["2 notifications to page given up in the last 24 hours (the address answered 404)"],
        ),
    ],
)
def test_what_needs_attention(rules: RuleCounts, target: TargetState | None, said: list[str]) -> None:
    assert list(attention_to_alerts(rules, [target] if target else [], NOW)) == said


def test_the_status_tells_of_rules_and_targets_and_no_secret(
    store: Store, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = home / ".config/auditail/rules"
    folder.mkdir(parents=True)
    (folder / "bad.yml").write_text("title: [")
    monkeypatch.setenv("AUDITAIL_ALERTS__NOTIFY", "[{name: on call, webhook: 'https://a.example/token'}]")
    queue(store, HOOK, [notice(1)], NOW)
    told(store, HOOK, NOW, put_off="\u202ethe address answered 500")
    answer = in_process("--store", str(store.path), "status", cwd=tmp_path)
    assert answer.code == 1
    lines = answer.out.splitlines()
    (rules,) = [one for one in lines if one.startswith("rules ")]
    assert rules.endswith(" at work, 1 with problems: see `auditail rules list`")
    target = "notify    on call: 0 told in the last day, 1 waiting, 1 tried in vain (‹202e›the address answered 500)"
    assert target in lines
    found = in_process("--store", str(store.path), "status", "--format", "json", cwd=tmp_path)
    assert found.json()["notifications"][0]["failing"] == 1
    assert len(found.json()["rules"]["problems"]) == 1
    assert "token" not in answer.out + found.out


def test_the_dashboard_is_told_the_same(store: Store, tmp_path: Path) -> None:
    queue(store, PAGER, [notice(1)])
    told(store, PAGER, NOW, put_off="it ended with 1")
    own = tmp_path / "rules"
    own.mkdir()
    (own / "own.yml").write_text("title: [\n")
    reader = open_reader(tmp_path)
    try:
        state = detection_state(reader, str(own))
        alone = detection_state(reader, None)
    finally:
        reader.close()
    assert [one.label for one in state.targets] == ["page"]
    assert (len(state.problems), state.switched_off, alone.problems) == (1, 0, ())
    assert state.at_work == alone.at_work > 0
    assert [said.partition(":")[0] for said in state.attention] == [
        "1 rule cannot be used",
        "page cannot be told of alerts (it ended with 1)",
    ]
