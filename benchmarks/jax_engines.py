"""The sweep of engines.py in jax: microseconds per configuration and step of one cell, as JSON.

    python benchmarks/jax_engines.py SAMPLES INPUTS OUTPUTS WIDTH

Run by engines.py --jax with an interpreter that has jax. Vmap of scan, float64, one thread,
compiling excluded: with autograd on the plain problem, and with the gradient by hand on the
reduced one (reduction excluded).
"""

import json
import os
import sys
import time

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

import jax
import jax.numpy as jnp
import numpy as np

BATCH, STEPS = 16, 100


def main() -> None:
    """Print both numbers."""
    jax.config.update("jax_enable_x64", True)
    samples, features, outputs, width = map(int, sys.argv[1:])
    effective = min(width, features + outputs)
    rng = np.random.default_rng(0)

    def drawn(*shape: int) -> jnp.ndarray:
        return jnp.asarray(0.1 * rng.standard_normal((BATCH, *shape)))

    def plain(X, Y, W1, W2):
        def loss(weights):
            return ((X @ weights[0] @ weights[1] - Y) ** 2).sum() / 2

        def step(weights, _):
            value, slopes = jax.value_and_grad(loss)(weights)
            return tuple(w - 1e-4 * g for w, g in zip(weights, slopes, strict=True)), value

        return jax.lax.scan(step, (W1, W2), None, length=STEPS)[1]

    def reduced(s, Y, W1, W2):
        def step(weights, _):
            W1, W2 = weights
            E = s[:, None] * (W1 @ W2) - Y
            G = s[:, None] * E
            return (W1 - 1e-4 * G @ W2.T, W2 - 1e-4 * W1.T @ G), (E**2).sum() / 2

        return jax.lax.scan(step, (W1, W2), None, length=STEPS)[1]

    whole = (drawn(samples, features), drawn(samples, outputs))
    part = (drawn(features), drawn(features, outputs))
    print(json.dumps({
        "jax autograd": timed(plain, *whole, drawn(features, width), drawn(width, outputs)),
        "jax reduced": timed(reduced, *part, drawn(features, effective), drawn(effective, outputs)),
    }))


def timed(run, *arrays) -> float:
    """Microseconds of processor time per configuration and step, the second call."""
    batched = jax.jit(jax.vmap(run))
    batched(*arrays).block_until_ready()
    started = time.process_time()
    batched(*arrays).block_until_ready()
    return 1e6 * (time.process_time() - started) / (BATCH * STEPS)


if __name__ == "__main__":
    main()
