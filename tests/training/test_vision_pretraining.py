"""What the eye is taught: each patch is a piece of its object, and of nothing else."""

import numpy as np

from uig_cli.shapes.outlines import BLOBS
from uig_cli.shapes.scene import COLORS, SHAPES, SIZES, TEXTURES, Object, Scene
from uig_cli.training.vision_pretraining import BLOB, NOTHING, answers

SQUARE = Object("square", "blue", "striped", "large", (16, 16))
LUMP = Object(next(iter(BLOBS)), "red", "plain", "small", (80, 80))


def test_patches_of_an_object_say_what_it_is_and_the_ground_says_nothing():
    grid = answers(Scene((SQUARE, LUMP)), 8).reshape(12, 12, 4)
    words = (SHAPES, COLORS, TEXTURES, SIZES)
    said = [
        2 + each.index(value)
        for each, value in zip(words, ("square", "blue", "striped", "large"), strict=True)
    ]
    assert grid[1, 1].tolist() == said
    assert grid[9, 9].tolist() == [
        BLOB,
        *(2 + each.index(v) for each, v in zip(words[1:], ("red", "plain", "small"), strict=True)),
    ]
    assert (grid[5, 5] == NOTHING).all()
    of_square = (grid == said).all(axis=2)
    rows, columns = np.nonzero(of_square)
    assert rows.max() <= 3 and columns.max() <= 3 and of_square.sum() == 16
