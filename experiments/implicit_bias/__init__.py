"""Linear and shallow models whose training can be followed exactly."""
