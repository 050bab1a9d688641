"""Runs what may take its process down in a forked process first, where care is asked for.

Where there are no other processes to die instead, a file beside the results tells of a death: it is
there while something runs, and who finds it the next time asks for care.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_careful = False
_deaths = 0
_DONE = b"done"
DIED = "the process that ran it died"


class RehearsalError(RuntimeError):
    """The process that tried it died."""


@contextmanager
def careful(wanted: bool) -> Iterator[None]:
    """Whether `rehearse` tries things out before they are done here."""
    global _careful
    before, _careful = _careful, wanted
    try:
        yield
    finally:
        _careful = before


@contextmanager
def marked(mark: Path) -> Iterator[None]:
    """Keeps the file ``mark`` while something runs, which is done with care where it was there already.

    It stays behind where this process dies, or where a rehearsal told of a death: the same command
    asks for care again. Exceptions are no deaths.
    """
    before = _deaths
    with careful(_careful or (mark.exists() and hasattr(os, "fork"))):
        # a disk that takes no mark is no reason to stop here: what is written next says so
        with suppress(OSError):
            mark.parent.mkdir(parents=True, exist_ok=True)
            mark.touch()
        try:
            yield
        finally:
            if _deaths == before:
                with suppress(OSError):
                    mark.unlink(missing_ok=True)
                    mark.parent.rmdir()


def rehearse(act: Callable[[], object]) -> None:
    """Do it in a forked process; RehearsalError when that dies, nothing where care is not asked for.

    Exceptions are no deaths: they come again when it is done here.
    """
    global _deaths
    if not _careful:
        return
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reads)
        with suppress(BaseException), careful(False):
            act()
        os.write(writes, _DONE)
        os._exit(0)
    os.close(writes)
    try:
        said = os.read(reads, len(_DONE))
    except BaseException:
        os.kill(child, signal.SIGKILL)
        raise
    finally:
        os.close(reads)
        _, status = os.waitpid(child, 0)
    if said != _DONE:
        _deaths += 1
        raise RehearsalError(f"{DIED} ({_ending(status)})")


def _ending(status: int) -> str:
    """How a process ended, from the status that waiting for it gave."""
    code = os.waitstatus_to_exitcode(status)
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name
