"""The peak at interpolation, in n, in p and in training time."""
