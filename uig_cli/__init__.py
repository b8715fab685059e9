"""uig: measure what understanding brings to generation (arXiv 2509.18639)."""

__version__ = "0.2.0"
