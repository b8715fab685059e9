"""TIIF-Bench, arXiv 2506.02161: `card` says what it is, `benchmark` holds the thing itself."""
