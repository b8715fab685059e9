"""Unified models: the protocol they follow, where they are found, and those that are built in."""
