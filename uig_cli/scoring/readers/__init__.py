"""Text readers: scorers that say which words are in a picture."""
