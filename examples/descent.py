"""The loss falls by at least eta/2 |grad|^2 when the step is at most the inverse local smoothness."""
from harness import Claim, Hypothesis, Theorem
from harness.symbols import eta, grad_norm, loss, smoothness

descent = Theorem(
    title="Descent lemma at finite step",
    source="nesterov2018, Lemma 1.2.3",
    hypotheses=[Hypothesis("short step", "the step is at most 1/K", eta * smoothness <= 1)],
    claims=[Claim("descent", loss.next <= loss - eta / 2 * grad_norm**2, trivial=loss)],
)
