"""From nothing to a checkpoint folder: tokenizer, autoencoder, latents, eye, network."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from safetensors.torch import load_file

from uig_cli.errors import UigError
from uig_cli.models.bagel.autoencoder import Autoencoder
from uig_cli.models.bagel.config import read_config
from uig_cli.models.bagel.layout import AE, EMA
from uig_cli.models.bagel.tokenizer import TextTokenizer
from uig_cli.training.autoencoder_fit import fit_autoencoder
from uig_cli.training.batch import LessonBuilder
from uig_cli.training.distributed import once, size
from uig_cli.training.fit import fit_network
from uig_cli.training.latent_cache import prepare
from uig_cli.training.recipe import Plan, write_sizes
from uig_cli.training.save import save
from uig_cli.training.start import begin
from uig_cli.training.state_files import write_json
from uig_cli.training.tokenizer_fit import write_tokenizer
from uig_cli.training.vision_pretraining import fit_eye

FREE = ("log_every", "save_every")
"""What of a course decides no weight, and may change while a plan is carried out."""


def make(plan: Plan, states: Path, checkpoint: Path) -> None:
    """Makes the whole checkpoint; called again after a kill, it goes on where it was.

    states: what is needed to go on, `plan.json`, and the logs `autoencoder.csv`, `eye.csv`,
    `network-1.csv`, `network-2.csv`. Raises UigError if they are of another plan, or if more
    processes take part than the smallest batch has members.
    """
    least = min(
        plan.pictures, plan.glances, *(n for term in plan.network for n in term.batch.values())
    )
    if size() > least:
        raise UigError(
            f"got {size()} processes for batches of {least}; start at most {least} "
            f"(make train-pocket CORES={least})."
        )
    once(lambda: keep_to(plan, states / "plan.json"))
    make_autoencoder(plan, states, checkpoint)
    desk = open_desk(plan, states, checkpoint)
    eye = fit_eye(plan, desk.config, states)
    network = begin(desk.config, desk.tokenizer, plan.seed, eye)
    weights = fit_network(plan, network, desk, states)
    once(lambda: save(checkpoint, EMA, desk.config, weights))


def keep_to(plan: Plan, file: Path) -> None:
    """Writes the plan down where none is; refuses to go on with what another one has begun."""
    wanted = json.loads(json.dumps(asdict(plan)))
    if not file.exists():
        write_json(file, wanted)
        return
    begun, got = _leaves(json.loads(file.read_text("utf-8"))), _leaves(wanted)
    for name in (*begun, *got):
        if begun.get(name) != got.get(name) and not name.endswith(FREE):
            raise UigError(
                f"{file.parent} was begun with {name} {begun.get(name)}; got {got.get(name)}: "
                "continue with the plan it was begun with, or give another folder."
            )


def _leaves(content: Any, name: str = "") -> dict[str, Any]:
    """The values of nested dicts and lists, by names such as "network.0.course.rate"."""
    if not isinstance(content, dict | list):
        return {name: content}
    items = content.items() if isinstance(content, dict) else enumerate(content)
    return {
        leaf: value
        for key, inside in items
        for leaf, value in _leaves(inside, f"{name}.{key}".lstrip(".")).items()
    }


def make_autoencoder(plan: Plan, states: Path, checkpoint: Path) -> None:
    """Sizes, tokenizer and autoencoder, if they are not there yet."""
    if (checkpoint / AE).exists():
        return
    once(lambda: _write_words(plan, checkpoint))
    config = read_config(checkpoint)
    weights, scale, shift = fit_autoencoder(plan, config.autoencoder, states)
    name = "ae_config.json"
    final = {**plan.sizes[name], "scale_factor": scale, "shift_factor": shift}
    once(lambda: write_json(checkpoint / name, final))
    once(lambda: save(checkpoint, AE, config, weights))


def _write_words(plan: Plan, checkpoint: Path) -> None:
    config = write_sizes(plan.sizes, checkpoint)
    write_tokenizer(checkpoint, config.language.vocab_size, plan.seed)


def open_desk(plan: Plan, states: Path, checkpoint: Path) -> LessonBuilder:
    """What lessons are laid out with; the pool is made with the autoencoder as it was saved."""
    config = read_config(checkpoint)
    autoencoder = Autoencoder(config.autoencoder)
    autoencoder.load_state_dict(load_file(checkpoint / AE))
    autoencoder.eval().requires_grad_(False)
    once(lambda: prepare(plan, autoencoder, states))
    pool = prepare(plan, autoencoder, states)  # now only read
    return LessonBuilder(plan, config, TextTokenizer(checkpoint), autoencoder, pool)
