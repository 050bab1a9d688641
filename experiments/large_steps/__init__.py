"""Small networks under gradient descent at any step size, mostly in exact arithmetic."""
