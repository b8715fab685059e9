"""Data and models from public places, by one command: pinned, checked, into the user's cache."""
