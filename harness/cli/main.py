"""Entry point: parse, run one command, turn every outcome into an exit code."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence

from harness.cli.parser import build
from harness.errors import UsageError

BAD_INPUT = 2
INTERRUPTED = 130

_COMMANDS = {
    "list": "harness.cli.listing",
    "show": "harness.cli.showing",
    "check": "harness.cli.checking",
    "stress": "harness.cli.stressing",
    "tighten": "harness.cli.tightening",
    "controls": "harness.cli.controlling",
    "replay": "harness.cli.replaying",
    "chain": "harness.cli.chaining",
    "new": "harness.cli.creating",
    "demo": "harness.cli.demo",
    "compare": "harness.cli.comparing",
    "doctor": "harness.cli.diagnosing",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    try:
        options = build().parse_args(arguments)
        # a command's module is imported when it is used: `list` must not wait for numpy
        code: int = importlib.import_module(_COMMANDS[options.command]).run(options)
        sys.stdout.flush()
        return code
    except UsageError as error:
        print(f"boundcheck: {error}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print("boundcheck: interrupted; what was finished is kept.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # the reader of our output went away (| head); nothing more can be said to it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main())
