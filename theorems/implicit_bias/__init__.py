"""Where training ends: implicit bias, stable minima, and what stochastic gradients choose."""
