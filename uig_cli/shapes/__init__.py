"""The small world of the built-in model: scenes, drawing, exact reading, words about them."""
