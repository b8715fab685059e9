"""BAGEL (arXiv 2505.14683): one part of the architecture per file, written from its description."""
