"""Pictures of drawn shapes, read by measurement for the exact judge and the exact detector.

What has no outline of that small world (a blob) counts for nothing. A shape whose color has no
name (half green, half blue) is a shape of that outline and of no color that anybody asks for. Of
pictures of anything else the reading knows nothing; it serves the sets named built-in alone.
"""

from uig_cli.errors import UigError
from uig_cli.models.protocol import Failure, Picture
from uig_cli.scoring.pictures import rgb
from uig_cli.shapes.read import read
from uig_cli.shapes.reading import Reading

READER = "3"
"""Raised when the same picture would be read, or the same question understood, differently."""


def read_shapes(picture: Picture) -> Reading | Failure:
    try:
        return read(rgb(picture.image))
    except UigError as error:
        return Failure("picture", str(error))
