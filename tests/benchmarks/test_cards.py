"""What cards say: the help of options, without loading anything; what belongs to whom."""

import subprocess
import sys
from dataclasses import fields

import pytest

from uig_cli.benchmarks import registry
from uig_cli.benchmarks.card import Given, meaning, usual
from uig_cli.benchmarks.geneval.benchmark import benchmark as geneval
from uig_cli.benchmarks.geneval.card import RuleOptions
from uig_cli.benchmarks.geneval.rules import Options
from uig_cli.benchmarks.tiif.benchmark import benchmark as tiif
from uig_cli.benchmarks.tiif.card import NumberingOptions
from uig_cli.option_groups import declared

HEAVY = {"torch", "transformers", "datasets", "pandas", "scipy", "numpy", "PIL"}


def test_cards_load_nothing_else() -> None:
    code = (
        "import sys\n"
        "from uig_cli.benchmarks import registry\n"
        "assert len(registry.cards()) > 1 and registry.card('geneval').samples == 4\n"
        f"print(sorted({HEAVY!r} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", ["tiif", "geneval", "prompts"])
def test_a_benchmark_is_what_its_card_says(name: str) -> None:
    card, benchmark = registry.card(name), registry.benchmark(name)
    assert benchmark.card is card and benchmark.name == card.name == name
    assert (benchmark.version, benchmark.samples) == (card.version, card.samples)
    assert (benchmark.splits, benchmark.sets) == (card.splits, card.sets)
    assert benchmark.needs == card.needs


def test_help_of_shared_options_is_made_of_cards() -> None:
    cards = registry.cards()
    assert meaning(cards, "split") == "tiif: short, long or both prompts"
    assert meaning(cards, "set") == (
        "tiif: testmini (277 prompt pairs), test (2,538), built-in or built-in-hard; "
        "geneval: full, built-in or built-in-hard"
    )
    assert meaning(cards, "prompts_file") == "geneval: rewritten prompts in the official format"
    assert usual(cards, "pictures_of") == "tiif: all; geneval: the folder's name"
    assert meaning(cards, "nothing") == ""


def test_options_of_one_benchmark_are_its_own() -> None:
    assert [own.group for own in tiif.card.options] == [NumberingOptions]
    assert [own.group for own in geneval.card.options] == [RuleOptions]
    assert [one.name for one in declared(RuleOptions)] == [one.name for one in fields(Options)]
    group = RuleOptions(threshold=0.5, counting_threshold=0.9, max_objects=3)
    # 0.9 is the official threshold for counting.
    assert geneval.rules(Given((group,))) == {"threshold": 0.5, "max_objects": 3}
    assert geneval.rules(Given()) == {} and tiif.rules(Given((group,))) == {}
    assert Given((group,)).of(NumberingOptions).lines is None
