"""Finds slips of transcription: where a theorem's expressions are not those of its paper."""
