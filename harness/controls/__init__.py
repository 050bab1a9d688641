"""What a pass is worth: sharpened bounds, dropped hypotheses, and how often a theorem speaks."""
