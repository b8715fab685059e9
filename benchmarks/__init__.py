"""Benchmarks: cases, rules and summaries, one folder each."""
