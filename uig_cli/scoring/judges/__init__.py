"""Judges: scorers that answer questions about a picture, or rate it."""
