"""Forked processes that do numbered pieces of work; one that dies is replaced.

A plain multiprocessing pool waits for ever for a worker that was killed.
"""

from __future__ import annotations

import signal
import traceback
from collections.abc import Callable, Iterable, Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Any, Self

from harness.running.threads import one_of_several

Piece = tuple[int, int]
"""Which piece of work, and how often it was tried before."""


class Died:
    """What comes back of a piece whose process died."""


class Workers:
    """At most ``jobs`` processes, forked when first needed, so that nothing is pickled for them.

    ``work`` gets a piece, its result is sent back. An exception it raises is raised here.
    """

    def __init__(self, work: Callable[[Piece], Any], jobs: int) -> None:
        self._work, self._jobs = work, jobs
        self._context = get_context("fork")
        self._processes: dict[Connection, Any] = {}
        self._busy: dict[Connection, Piece] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *what: object) -> None:
        for process in self._processes.values():
            process.kill()
        for link, process in self._processes.items():
            process.join()
            link.close()

    def each(self, pieces: Iterable[Piece]) -> Iterator[tuple[Piece, Any]]:
        """Every piece with its result or `Died`, as they finish; ``pieces`` may grow meanwhile."""
        left = iter(pieces)
        while True:
            self._hand_out(left)
            if not self._busy:
                return
            for link in wait(list(self._busy)):
                assert isinstance(link, Connection)
                yield self._finished(link)

    def _hand_out(self, left: Iterator[Piece]) -> None:
        while len(self._busy) < self._jobs and (piece := next(left, None)) is not None:
            idle = next((link for link in self._processes if link not in self._busy), None)
            link = idle if idle is not None else self._fork()
            self._busy[link] = piece
            try:
                link.send(piece)
            except BrokenPipeError:
                continue  # it died while idle: waiting for it tells

    def _fork(self) -> Connection:
        ours, theirs = self._context.Pipe()
        others = list(self._processes)
        process = self._context.Process(
            target=self._serve, args=(theirs, [ours, *others]), daemon=True
        )
        process.start()
        theirs.close()
        self._processes[ours] = process
        return ours

    def _serve(self, link: Connection, inherited: list[Connection]) -> None:
        # Ctrl-C is the parent's to handle; without its ends of the pipes its death is noticed
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for one in inherited:
            one.close()
        while True:
            try:
                piece = link.recv()
            except EOFError:
                return
            try:
                with one_of_several():
                    result = self._work(piece)
                link.send((result, None))
            except BrokenPipeError:
                return
            except Exception as error:
                error.add_note(traceback.format_exc())
                link.send((None, error))

    def _finished(self, link: Connection) -> tuple[Piece, Any]:
        piece = self._busy.pop(link)
        try:
            result, error = link.recv()
        except (EOFError, ConnectionResetError):
            process = self._processes.pop(link)
            process.join()
            link.close()
            return piece, Died()
        if error is not None:
            raise error
        return piece, result
