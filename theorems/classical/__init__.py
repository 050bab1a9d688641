"""Classical rates of first-order methods, many of them tight: they calibrate the instrument."""
