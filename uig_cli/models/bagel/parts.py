"""A loaded checkpoint, and how requests are made into what its parts read."""

from dataclasses import dataclass
from math import prod

import torch
from PIL import Image
from torch import Tensor

from uig_cli.models.bagel.autoencoder import Autoencoder
from uig_cli.models.bagel.config import BagelConfig
from uig_cli.models.bagel.context import Context
from uig_cli.models.bagel.images import fit, normalise, resize, to_device, to_rgb
from uig_cli.models.bagel.network import Network
from uig_cli.models.bagel.tokenizer import TextTokenizer
from uig_cli.models.protocol import Draw, Edit, Look, Picture, Size


class Refused(Exception):
    """A request that cannot be answered, while others of its batch can: kind and reason."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.kind, self.reason = kind, reason


@dataclass(frozen=True, slots=True)
class Parts:
    config: BagelConfig
    tokenizer: TextTokenizer
    network: Network
    autoencoder: Autoencoder

    @property
    def device(self) -> torch.device:
        return self.network.device

    def open(self, picture: Picture) -> Image.Image:
        """A request's picture in RGB and resized by the VAE rule, as all uses of it begin."""
        try:
            image = to_rgb(picture.image)
            if min(image.size) < 1:
                raise ValueError("it has no pixels")
            return resize(image, self.config.vae_rule)
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
            raise Refused("picture", f"the picture cannot be read ({error})") from None

    def texts(
        self, request: Draw | Look | Edit, text: str, blocks: int
    ) -> tuple[list[int], list[int]]:
        """Ids of the system prompt, if there is one, and of `text`, each as a block.

        blocks: the pictures read or drawn beside them; each takes one position.
        """
        system: list[int] = []
        if request.think is not None:
            system = self.tokenizer.block(request.think, request.special_tokens)
        ids = self.tokenizer.block(text, request.special_tokens)
        allowed = self.config.language.max_position_embeddings - len(system) - blocks
        if len(ids) > allowed:
            raise Refused(
                "prompt", f"the text has {len(ids)} tokens; at most {allowed} are allowed"
            )
        return system, ids

    def text_limit(self, context: Context, wanted: int) -> int:
        """How many tokens may be decoded before positions run out."""
        return min(wanted, self.config.language.max_position_embeddings - context.position)

    def vit_tokens(self, size: Size) -> int:
        """Tokens, markers included, of looking at a picture of `size`."""
        patch = self.config.vision.patch_size
        return prod(side // patch for side in fit(size, self.config.vit_rule)) + 2

    def vit_pixels(self, image: Image.Image) -> Tensor:
        rule = self.config.vit_rule
        return to_device(normalise(resize(image, rule), rule), self.device)

    def vae_pixels(self, image: Image.Image) -> Tensor:
        rule = self.config.vae_rule
        return to_device(normalise(resize(image, rule), rule), self.device)
