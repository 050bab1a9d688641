"""Talking to a terminal: a progress bar on stderr, tables on stdout, plain where it is no terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

WIDTH_WHEN_PIPED = 200


@contextmanager
def progress_bar(quiet: bool) -> Iterator[Callable[[int, int, str], None] | None]:
    """A function to call with (done, total, what); None when there is nobody to see it."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        shown = bar.add_task("planning", total=None)

        def tell(done: int, total: int, what: str) -> None:
            bar.update(shown, completed=done, total=total, description=what)

        yield tell


def said(what: RenderableType, stream: TextIO) -> None:
    """Print a rich object; rich itself honours NO_COLOR and TERM=dumb."""
    width = None if stream.isatty() else WIDTH_WHEN_PIPED
    Console(file=stream, width=width).print(what)
