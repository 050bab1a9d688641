"""One linear self-attention layer trained on in-context linear regression."""
