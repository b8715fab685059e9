"""GenEval, arXiv 2310.11513: `card` says what it is, `benchmark` holds the thing itself."""
