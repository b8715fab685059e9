"""The study behind docs/study.md: which loop is best at equal cost, on the built-in model."""
