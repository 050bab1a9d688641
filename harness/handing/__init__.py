"""Hands a violation over: scripts, records, LaTeX, tests; and runs recorded ones again."""
