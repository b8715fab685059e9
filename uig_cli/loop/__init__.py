"""The refinement loop and the methods it is compared with; knows only the model protocol."""
