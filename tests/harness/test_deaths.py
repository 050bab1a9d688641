"""Configurations that take their process down: found, reported broken, and nothing else lost."""

from __future__ import annotations

import contextlib
import importlib
import multiprocessing
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from harness.cli.main import _COMMANDS as COMMANDS
from harness.cli.main import main
from harness.judging.row import Row
from harness.running.jobs import done_all, killed
from harness.running.rehearsal import DIED, RehearsalError, careful, marked, rehearse
from harness.running.task import Task

DEADLY = """
import os, signal, sys
from pathlib import Path
from harness import Claim, Theorem, experiment, integers, symbol
n = symbol("n", "size", "configuration")
x = symbol("x", "the same", "run")

@experiment(emits=[n, x], n=integers(1, 20))
def measured(n):
    if n in (3, 7, 13):
        DEATH
    return {x: float(n)}

mine = Theorem(title="M", claims=[Claim("c", x <= n), Claim("d", x >= n)])
"""
EXIT, KILL = "os._exit(0)", "os.kill(os.getpid(), signal.SIGKILL)"
SAID = {EXIT: f"{DIED} (exit code 0)", KILL: f"{DIED} (SIGKILL)"}

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


@pytest.mark.parametrize("death", [EXIT, KILL])
def test_the_configuration_that_kills_is_broken_and_no_other(
    cli: Any, write: Any, table: Any, tmp_path: Path, death: str
) -> None:
    path, out = write(DEADLY.replace("DEATH", death), "deadly.py"), tmp_path / "out"
    healthy = write(DEADLY.replace("DEATH", "pass"), "healthy/deadly.py")
    assert cli("check", path, "--jobs", 2, "--out", out, "--quiet").code == 1
    assert cli("check", healthy, "--out", tmp_path / "whole", "--quiet").code == 0
    found, expected = (table(one / "checks.csv") for one in (out, tmp_path / "whole"))
    assert len(found) == len(expected)
    broken = {'{"n":3}', '{"n":7}', '{"n":13}'}
    assert {row["config"] for row in expected} > broken
    for row, sound in zip(found, expected, strict=True):
        assert row["config"] == sound["config"]
        if row["config"] in broken:
            assert (row["verdict"], row["reason"]) == ("broken", SAID[death])
        else:
            assert (row["verdict"], row["value"]) == ("held", sound["value"])


def test_any_number_of_processes_gives_the_same_bytes(
    cli: Any, write: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harness.sampling.plan.BLOCK_SIZE", 8)
    path = write(DEADLY.replace("DEATH", EXIT), "deadly.py")
    tables = []
    for jobs in (2, 3, 5):
        cli("check", path, "--jobs", jobs, "--out", tmp_path / str(jobs), "--quiet")
        tables.append((tmp_path / str(jobs) / "checks.csv").read_bytes())
    assert tables[0] == tables[1] == tables[2]


def test_blocks_whose_process_died_are_tried_again_by_the_same_command(
    cli: Any, write: Any, table: Any, tmp_path: Path
) -> None:
    # as where memory was short: another time it works
    flag = tmp_path / "short-of-memory"
    flag.touch()
    death = f"Path({str(flag)!r}).exists() and {KILL}"
    path, out = write(DEADLY.replace("DEATH", death), "deadly.py"), tmp_path / "out"
    assert cli("check", path, "--jobs", 2, "--out", out, "--quiet").code == 1
    flag.unlink()
    assert cli("check", path, "--jobs", 2, "--out", out, "--quiet").code == 0
    assert {row["verdict"] for row in table(out / "checks.csv")} == {"held"}


def test_a_block_whose_process_died_once_is_simply_run_again(
    cli: Any, write: Any, table: Any, tmp_path: Path
) -> None:
    flag = tmp_path / "once"
    flag.touch()
    death = f"Path({str(flag)!r}).exists() and (Path({str(flag)!r}).unlink(), {KILL})"
    path = write(DEADLY.replace("DEATH", death), "deadly.py")
    assert cli("check", path, "--jobs", 2, "--out", tmp_path / "out", "--quiet").code == 0
    assert not flag.exists()


def test_a_search_goes_on_beside_the_configuration_that_kills(
    cli: Any, write: Any, tmp_path: Path
) -> None:
    path = write(DEADLY.replace("DEATH", KILL), "deadly.py")
    found = cli(
        "stress", path, "--claim", "c", "--budget", 100, "--jobs", 2, "--out", tmp_path / "out"
    )
    assert found.code == 1
    assert f"broken: {DIED}" in found.out
    text = (tmp_path / "out" / "checks.csv").read_text()
    assert any(f'{{""n"":{one}}}' in text for one in (3, 7, 13))


def in_a_life(*words: object) -> int:
    """The command in a process of its own, which it may take down; negative where a signal ended it."""
    # imported once here, and not again in every life
    importlib.import_module(COMMANDS[str(words[0])])
    child = os.fork()
    if child == 0:
        code = 99
        try:
            with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
                code = main([str(word) for word in words])
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_with_one_job_the_same_command_breaks_what_killed_it_and_nothing_else(
    write: Any, table: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harness.sampling.plan.BLOCK_SIZE", 8)
    out, whole = tmp_path / "out", tmp_path / "whole"
    healthy = write(DEADLY.replace("DEATH", "pass"), "healthy/deadly.py")
    assert in_a_life("check", healthy, "--out", whole, "--quiet") == 0
    assert not (whole / "in-flight").exists()
    path = write(DEADLY.replace("DEATH", KILL), "deadly.py")
    codes = []
    while 1 not in codes:
        # every life that ends early finds one more block that kills
        assert len(codes) < 20
        codes.append(in_a_life("check", path, "--out", out, "--quiet"))
    assert len(codes) > 2
    assert set(codes[:-1]) == {-signal.SIGKILL}
    # what killed is not believed for ever, and does not kill again
    assert in_a_life("check", path, "--out", out, "--quiet") == 1
    found, expected = (table(one / "checks.csv") for one in (out, whole))
    assert [row["config"] for row in found] == [row["config"] for row in expected]
    for row, sound in zip(found, expected, strict=True):
        deadly = row["config"] in ('{"n":3}', '{"n":7}', '{"n":13}')
        wanted = ("broken", SAID[KILL]) if deadly else ("held", sound["reason"])
        assert (row["verdict"], row["reason"]) == wanted


@pytest.mark.parametrize("command", ["stress", "tighten"])
def test_with_one_job_a_search_run_again_goes_on_beside_what_killed_it(
    write: Any, tmp_path: Path, command: str
) -> None:
    path = write(DEADLY.replace("DEATH", KILL), "deadly.py")
    words = (command, path, "--claim", "c", "--budget", 24, "--out", tmp_path / "out", "--quiet")
    assert in_a_life(*words) == -signal.SIGKILL
    expected = {"stress": 1, "tighten": 0}[command]
    assert in_a_life(*words) == expected
    # a third time, what it found is there and the mark still asks for care
    assert in_a_life(*words) == expected
    if command == "stress":
        text = (tmp_path / "out" / "checks.csv").read_text()
        assert DIED in text
        assert any(f'{{""n"":{one}}}' in text for one in (3, 7, 13))


def test_an_exception_leaves_no_mark_and_a_death_does(tmp_path: Path) -> None:
    mark = tmp_path / "in-flight" / "one"

    def interrupted() -> None:
        with marked(mark):
            assert mark.exists()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not mark.parent.exists()
    mark.parent.mkdir()
    mark.touch()
    with marked(mark), pytest.raises(RehearsalError, match="SIGKILL"):
        rehearse(lambda: os.kill(os.getpid(), signal.SIGKILL))
    assert mark.exists()
    with marked(mark):
        rehearse(lambda: None)
    assert not mark.exists()


def test_a_task_that_dies_whatever_is_done_is_lost_and_the_others_are_not() -> None:
    tasks: list[Any] = [f"task {index}" for index in range(6)]

    def work(task: Any, lookup: Any) -> str:
        if task == "task 3":
            os.kill(os.getpid(), signal.SIGKILL)
        return str(task).upper()

    found = dict(done_all(tasks, None, 2, work, lambda task: f"lost {task}"))  # type: ignore[arg-type]
    assert found == {index: f"TASK {index}" for index in range(6)} | {3: "lost task 3"}


def test_what_a_worker_raises_is_raised_here() -> None:
    def work(task: Any, lookup: Any) -> None:
        raise LookupError(f"no {task}")

    tasks: list[Any] = ["way", "how"]
    with pytest.raises(LookupError, match="no "):
        dict(done_all(tasks, None, 2, work, lambda task: None))  # type: ignore[arg-type]


def test_no_process_is_left_behind() -> None:
    before = {child.pid for child in multiprocessing.active_children()}
    tasks: list[Any] = list(range(5))
    running = done_all(tasks, None, 3, lambda task, lookup: task, lambda task: None)  # type: ignore[arg-type]
    next(running)
    running.close()  # type: ignore[attr-defined]
    assert {child.pid for child in multiprocessing.active_children()} <= before


def test_without_care_nothing_is_rehearsed() -> None:
    tried: list[int] = []
    rehearse(lambda: tried.append(1))
    assert tried == []


def test_a_rehearsal_happens_elsewhere_and_tells_of_death_only() -> None:
    def raising() -> None:
        raise ValueError

    tried: list[int] = []
    with careful(True):
        rehearse(lambda: tried.append(1))
        rehearse(raising)
        for code, said in ((0, "exit code 0"), (3, "exit code 3")):
            with pytest.raises(RehearsalError, match=said):
                rehearse(lambda: os._exit(code))  # noqa: B023
        with pytest.raises(RehearsalError, match="SIGKILL"):
            rehearse(lambda: os.kill(os.getpid(), signal.SIGKILL))
    assert tried == []


def test_rows_of_a_lost_task_name_every_configuration() -> None:
    from harness import Claim, Theorem, experiment, integers, symbol

    n, x = symbol("n", "size", "configuration"), symbol("x", "measured", "run")

    @experiment(emits=[n, x], n=integers(1, 6))
    def made(n: int) -> dict[Any, Any]:
        return {x: n}

    theorem = Theorem(title="Law", id="law", claims=[Claim("c", x <= n)])
    rows: list[Row] = killed(Task(theorem, made, ({"n": 1}, {"n": 2})))
    assert [row.configuration for row in rows] == ['{"n":1}', '{"n":2}']
    assert {str(row.finding.verdict) for row in rows} == {"broken"}
