"""How `pocket`, the built-in model, is made: the whole recipe, seeded and restartable."""
