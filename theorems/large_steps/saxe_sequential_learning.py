r"""The stronger singular direction is learned first, when the two sides of the sandwich do not meet.

Setting and hypotheses as in saxe_gd_sandwich, for two directions: s, p_0 of the first, s_2, q_0 of
the second, which starts below s_2, with s_2 <= s; and latest <= soonest_2, the last step at which
the first can reach its fraction f and the first at which the second can (modes.py).
Statement. Each reaches fraction f of its own singular value first at

    sequential: hit <= second_hit

Source. Derived; Gidel, Bach, Lacoste-Julien, NeurIPS 2019, show it for vanishing starts and steps.
"""

from __future__ import annotations

from typing import Any

from harness import Claim, Control, Hypothesis, Theorem
from harness import large_steps as s
from theorems.large_steps.modes import BELOW, SHORT, hitting
from theorems.large_steps.scalings import FACTORS

_, latest = hitting("", s.strength, s.mode_start)
soonest_2, _ = hitting("_2", s.second_strength, s.second_start)
REVERSED: dict[str, Any] = {"second": 0.75, "shares": [0.0625, 0.75], "pace": 0.25}

theorem = Theorem(
    title="Singular directions are learned one after the other",
    source="gidel2019, at finite step",
    provenance="derived",
    hypotheses=(
        BELOW,
        SHORT,
        Hypothesis("second below its target", "q_0 < s_2", s.second_start < s.second_strength),
        Hypothesis("weaker", "s_2 <= s", s.second_strength <= s.strength),
        Hypothesis("apart", "latest <= soonest_2", latest <= soonest_2, breaks_with=REVERSED),
    ),
    claims=(Claim("sequential", s.hit <= s.second_hit),),
    scalings=(FACTORS,),
    controls=(Control("a-head-start", "sequential", drop="apart", configuration=REVERSED),),
)
