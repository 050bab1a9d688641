"""The engine of linear attention: the layer's weights in, the two-layer network's arithmetic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from experiments.attention.problem import Array, Configuration, layer, network
from experiments.two_layer.engine import TwoLayerLinear
from experiments.two_layer.setup import weights
from harness.running.protocol import Start


class LinearAttention(TwoLayerLinear):
    """Gradient descent on (U, u), run and certified as the network that it is."""

    def prepare(self, configurations: Sequence[Configuration]) -> None:
        """Reduce the networks of all of these together."""
        super().prepare([network(one) for one in configurations])

    def key(self, configuration: Configuration) -> str:
        """The dimension decides the shapes."""
        return super().key(network(configuration))

    def initial(self, configurations: Sequence[Configuration], wanted: frozenset[str]) -> Start:
        """Draw the layers and measure them."""
        return super().initial([network(one) for one in configurations], wanted)

    def enclose(
        self,
        configuration: Configuration,
        step_sizes: Sequence[float],
        begin: int,
        wanted: frozenset[str],
        radius: float = 0.0,
        compiled: bool = False,
    ) -> Mapping[str, Any]:
        """Balls along the exact run."""
        return super().enclose(network(configuration), step_sizes, begin, wanted, radius, compiled)

    def script(
        self, configuration: Configuration, step_sizes: Sequence[float], wanted: frozenset[str]
    ) -> str | None:
        """Source text of the wanted symbols along the exact run of the network."""
        return super().script(network(configuration), step_sizes, wanted)

    def explicit(self, configuration: Configuration) -> Mapping[str, Any]:
        """The same run with U and u given."""
        block, scalar = layer(*weights(network(configuration)))
        return {**configuration, "init": "given", "U": block.tolist(), "u": scalar}

    def oracle(
        self, configuration: Configuration, step_sizes: Sequence[float]
    ) -> tuple[Array, Array]:
        """Loss by torch autograd on the attention layer, and its rounding error bound."""
        from experiments.attention.oracle import attention_losses

        return attention_losses(configuration, step_sizes)
