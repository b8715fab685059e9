"""From nothing to a checkpoint folder: tokenizer, autoencoder, latents, eye, network."""

from pathlib import Path

from safetensors.torch import load_file

from uig_cli.models.bagel.autoencoder import Autoencoder
from uig_cli.models.bagel.config import read_config
from uig_cli.models.bagel.layout import AE, EMA
from uig_cli.models.bagel.tokenizer import TextTokenizer
from uig_cli.training.autoencoder_fit import fit_autoencoder
from uig_cli.training.batch import Desk
from uig_cli.training.config import Plan, write_sizes
from uig_cli.training.crew import in_turn
from uig_cli.training.eye_fit import fit_eye
from uig_cli.training.files import write_json
from uig_cli.training.fit import fit_network
from uig_cli.training.pool import prepare
from uig_cli.training.save import save
from uig_cli.training.start import begin
from uig_cli.training.words import write_tokenizer


def make(plan: Plan, states: Path, checkpoint: Path) -> None:
    """Makes the whole checkpoint; called again after a kill, it goes on where it was.

    states: what is needed to go on, and the logs `autoencoder.csv`, `eye.csv` and `network.csv`.
    """
    make_autoencoder(plan, states, checkpoint)
    desk = open_desk(plan, states, checkpoint)
    eye = fit_eye(plan, desk.config, states)
    network = begin(desk.config, desk.tokenizer, plan.seed, eye)
    weights = fit_network(plan, network, desk, states)
    with in_turn():
        save(checkpoint, EMA, desk.config, weights)


def make_autoencoder(plan: Plan, states: Path, checkpoint: Path) -> None:
    """Sizes, tokenizer and autoencoder, if they are not there yet."""
    if (checkpoint / AE).exists():
        return
    with in_turn():
        config = write_sizes(plan.sizes, checkpoint)
        write_tokenizer(checkpoint, config.language.vocab_size, plan.seed)
    weights, scale, shift = fit_autoencoder(plan, config.autoencoder, states)
    name = "ae_config.json"
    with in_turn():
        write_json(
            checkpoint / name, {**plan.sizes[name], "scale_factor": scale, "shift_factor": shift}
        )
        save(checkpoint, AE, config, weights)


def open_desk(plan: Plan, states: Path, checkpoint: Path) -> Desk:
    """What lessons are laid out with; the pool is made with the autoencoder as it was saved."""
    config = read_config(checkpoint)
    autoencoder = Autoencoder(config.autoencoder)
    autoencoder.load_state_dict(load_file(checkpoint / AE))
    autoencoder.eval().requires_grad_(False)
    with in_turn():
        pool = prepare(plan, autoencoder, states)
    return Desk(plan, config, TextTokenizer(checkpoint), autoencoder, pool)
