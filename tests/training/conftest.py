"""A checkpoint of the smoke size, its latents and its desk, made once."""

from pathlib import Path

import pytest
import torch

from uig_cli.models.bagel.autoencoder import Autoencoder
from uig_cli.models.bagel.layout import AE, EMA
from uig_cli.training.batch import LessonBuilder
from uig_cli.training.make import open_desk
from uig_cli.training.recipe import SMOKE_PLAN, write_sizes
from uig_cli.training.save import save
from uig_cli.training.start import begin, begin_vision
from uig_cli.training.tokenizer_fit import write_tokenizer


@pytest.fixture(scope="session")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint folder of the smoke size, as training begins it, but with velocities."""
    folder = tmp_path_factory.mktemp("untrained")
    config = write_sizes(SMOKE_PLAN.sizes, folder)
    tokenizer = write_tokenizer(folder, config.language.vocab_size, seed=0)
    torch.manual_seed(0)
    save(folder, AE, config, Autoencoder(config.autoencoder).state_dict())
    network = begin(config, tokenizer, 0, begin_vision(config).state_dict())
    torch.nn.init.normal_(network.llm2vae.weight, std=0.2)
    save(folder, EMA, config, network.state_dict())
    return folder


@pytest.fixture(scope="session")
def desk(untrained: Path, tmp_path_factory: pytest.TempPathFactory) -> LessonBuilder:
    return open_desk(SMOKE_PLAN, tmp_path_factory.mktemp("pool"), untrained)
