"""Small nonlinear networks whose Jacobian is known well enough to check hypotheses on balls."""
