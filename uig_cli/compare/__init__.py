"""Runs held against each other, and beside published scores."""
