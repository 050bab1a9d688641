"""What functions of this project come to in plain numpy, for a script that does not import it."""

from __future__ import annotations

EQUIVALENTS = {
    "spectral_radius": """
def {name}(matrix, over=None):  # largest |eigenvalue| of over^-1 matrix, in floating point
    matrix = np.array(matrix, dtype=float)
    if over is not None:
        matrix = np.linalg.solve(np.array(over, dtype=float), matrix)
    return float(max(abs(np.linalg.eigvals(matrix)))), 0.0
""",
    "eigenvalues": """
def {name}(symmetric):  # ascending, in floating point
    return np.linalg.eigvalsh(np.array(symmetric, dtype=float))
""",
    "singular_values": """
def {name}(matrix):  # descending, in floating point
    return np.linalg.svd(np.array(matrix, dtype=float), compute_uv=False)
""",
    "solve": """
def {name}(matrix, right):  # in floating point
    return np.linalg.solve(np.array(matrix, dtype=float), np.array(right, dtype=float))
""",
}
"""By the name under which `harness` exports it; ``name`` is the one that the importing module uses."""
