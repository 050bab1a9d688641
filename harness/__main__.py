"""``python -m harness`` is the same as ``boundcheck``."""

import sys

from harness.cli.main import main

sys.exit(main())
