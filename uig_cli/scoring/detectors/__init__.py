"""Detectors: scorers that say which objects are in a picture, and where."""
