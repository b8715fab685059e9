"""Pictures a little the worse for wear, as an autoencoder leaves them: blur, tint, noise.

The model looks mostly at its own pictures; one that has only seen clean ones reads them badly.
"""

from random import Random

import numpy as np
from PIL import Image, ImageFilter


def worn(picture: Image.Image, random: Random) -> Image.Image:
    """The picture, three in four times blurred (radius up to 0.9), tinted and made noisy."""
    if random.random() < 0.25:
        return picture
    blurred = picture.filter(ImageFilter.GaussianBlur(random.uniform(0, 0.9)))
    numbers = np.random.default_rng(random.getrandbits(32))
    values = np.asarray(blurred, np.float32)
    tinted = values * (1 + numbers.uniform(-0.04, 0.04, 3)) + numbers.uniform(-6, 6, 3)
    noisy = tinted + random.uniform(0, 6) * numbers.standard_normal(values.shape)
    return Image.fromarray((noisy + 0.5).clip(0, 255).astype(np.uint8))
