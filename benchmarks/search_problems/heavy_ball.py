"""The heavy ball with Polyak's parameters converges on every strongly convex smooth f. (It does not.)

f' piecewise linear on the line, slopes in [mu, L] = [1, 25]; false by Lessard, Recht and Packard
(SIAM J. Optim. 26, 2016), who found a cycle of period three.
"""

from harness import Claim, Theorem, Verdict, experiment, reals, symbol, vector

last_slope = symbol("last_slope", "largest |f'| over the last 30 of 100 steps", "run", r"|f'|")


@experiment(emits=[last_slope], breaks=vector(2, reals(-5, 5)), slopes=vector(3, reals(1, 25)),
            start=reals(-5, 5))
def heavy_ball(breaks, slopes, start):
    """x+ = x - f'(x)/9 + 4/9 (x - x_-), from x = x_- = start; f' vanishes at 0."""
    low, high = sorted(breaks)

    def raw(x):
        return slopes[0] * min(x - low, 0) + slopes[1] * min(max(x - low, 0), high - low) + (
            slopes[2] * max(x - high, 0))

    before = now = start
    seen = []
    for step in range(100):
        gradient = raw(now) - raw(0.0)
        before, now = now, now - gradient / 9 + 4 * (now - before) / 9
        if step >= 70:
            seen.append(abs(gradient))
    return {last_slope: (max(seen), 1e-9 * max(1.0, max(seen)))}


heavy_ball_converges = Theorem(
    title="Polyak's heavy ball converges",
    source="lessard2016, Section 4.6",
    provenance="remembered",
    claims=[Claim("converges", last_slope <= 0.1, expected=Verdict.VIOLATED,
                  because="Lessard et al. (2016)")],
)
