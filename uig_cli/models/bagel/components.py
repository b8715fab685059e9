"""A loaded checkpoint, and how it reads what requests bring: texts and pictures."""

from dataclasses import dataclass
from math import prod
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor

from uig_cli.models.bagel.autoencoder import Autoencoder
from uig_cli.models.bagel.checkpoint import check_folder
from uig_cli.models.bagel.checkpoint_extras import CheckpointExtras, read_extras
from uig_cli.models.bagel.config import BagelConfig, PictureRule
from uig_cli.models.bagel.context import Context
from uig_cli.models.bagel.images import fit, normalise, resize, to_device, to_rgb
from uig_cli.models.bagel.layout import AE
from uig_cli.models.bagel.network import Network
from uig_cli.models.bagel.tokenizer import TextTokenizer
from uig_cli.models.bagel.weights import stream
from uig_cli.models.protocol import Draw, Edit, Look, Picture
from uig_cli.models.safetensors_headers import listed


class Refused(Exception):
    """A request that cannot be answered, while others of its batch can: kind and reason."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.kind, self.reason = kind, reason


@dataclass(frozen=True, slots=True)
class Components:
    config: BagelConfig
    tokenizer: TextTokenizer
    network: Network
    autoencoder: Autoencoder
    own: CheckpointExtras
    notes: tuple[str, ...] = ()

    @classmethod
    def load(cls, folder: Path, device: torch.device, dtype: torch.dtype) -> "Components":
        """The network in `dtype`, the autoencoder in float32; raises UigError for a bad folder."""
        checked = check_folder(folder)
        config, tokenizer = checked.config, checked.tokenizer
        own = read_extras(folder, config.parts.timestep_shift)
        with torch.device("meta"):
            network = Network(config, (tokenizer.vision_start, tokenizer.vision_end))
            autoencoder = Autoencoder(config.autoencoder)
        weights, decoding = checked.network, checked.autoencoder
        empty = {
            weights.named.name: stream(weights.places, network, device, dtype),
            AE: stream(decoding.places, autoencoder, device, torch.float32),
        }
        network.decoder.join()
        notes = [
            f"{name} has matrices of zeros alone: {listed(keys)}; was it downloaded to its end?"
            for name, keys in empty.items()
            if keys
        ]
        return cls(config, tokenizer, network, autoencoder, own, (*checked.notes, *notes))

    def open(self, picture: Picture) -> Image.Image:
        """A request's picture in RGB and resized by the VAE rule, as all uses of it begin."""
        try:
            image = to_rgb(picture.image)
            if min(image.size) < 1:
                raise ValueError("it has no pixels")
            return resize(image, self.config.vae_rule)
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
            raise Refused("picture", f"the picture cannot be read ({error})") from None

    def seen_tokens(self, image: Image.Image) -> int:
        """Tokens of a picture to look at, its markers included."""
        patch = self.config.vision.patch_size
        return prod(side // patch for side in fit(image.size, self.config.vit_rule)) + 2

    def pixels(self, image: Image.Image, rule: PictureRule) -> Tensor:
        """[3, height, width] on the device, by the ViT's or the autoencoder's rule."""
        return to_device(normalise(resize(image, rule), rule), self.network.device)

    def texts(
        self, request: Draw | Look | Edit, text: str, pictures: int
    ) -> tuple[list[int], list[int]]:
        """Ids of the system prompt, if there is one, and of `text`, each as a block.

        pictures: blocks of pictures read or drawn beside them, each of one position.
        """
        special = request.special_tokens
        system = [] if request.think is None else self.tokenizer.block(request.think, special)
        ids = self.tokenizer.block(text, special)
        allowed = self.config.language.max_position_embeddings - len(system) - pictures
        if len(ids) > allowed:
            reason = f"the text has {len(ids)} tokens; at most {allowed} are allowed"
            raise Refused("prompt", reason)
        return system, ids

    def text_limit(self, context: Context, wanted: int) -> int:
        """How many tokens may be decoded before positions run out."""
        return min(wanted, self.config.language.max_position_embeddings - context.position)
