"""Runs read back: traces replayed, scores put together, tables made."""
