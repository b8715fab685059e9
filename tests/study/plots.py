"""The study's figures, with matplotlib."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

IMAGES = ROOT / "docs" / "images"
SHOWN = {
    "uig": "uig",
    "uig:keep=best,score=denials": "keep=best, denials",
    "uig:keep=accept,score=denials": "keep=accept, denials",
    "uig:keep=best,score=p-match": "keep=best, P(match)",
    "redraw": "redraw",
    "uig-empty": "empty instruction",
    "uig-partner": "another's instruction",
}
"""Methods that are drawn, and what they are called there."""


def draw_all(found: Mapping[str, Any]) -> None:
    import matplotlib

    matplotlib.use("Agg")
    for name, setting in found.items():
        _by_round(setting, IMAGES / f"study-{name}-rounds.png")
        _by_work(setting, IMAGES / f"study-{name}-work.png")


def _by_round(setting: Mapping[str, Any], path: Path) -> None:
    """Score by round, with the interval of uig as a band."""
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(6.4, 4.0), layout="constrained")
    for method, label in SHOWN.items():
        rounds = setting["methods"][method]["by round"]
        (line,) = axes.plot([one["score"] for one in rounds], marker="o", ms=3, label=label)
        if method == "uig":
            band = [one["low"] for one in rounds], [one["high"] for one in rounds]
            axes.fill_between(range(len(rounds)), *band, color=line.get_color(), alpha=0.12)
    axes.set(xlabel="round", ylabel="nothing wrong, percent")
    axes.set_xticks(range(len(setting["methods"]["uig"]["by round"])))
    axes.legend(frameon=False, fontsize=8)
    figure.savefig(path, dpi=120)
    plt.close(figure)


def _by_work(setting: Mapping[str, Any], path: Path) -> None:
    """Score against work: loops round by round, best-of-n picture by picture."""
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(6.4, 4.0), layout="constrained")
    curve = setting["best-of-n by pictures"]
    axes.plot(
        [one["work"] for one in curve],
        [one["strict"]["score"] for one in curve],
        "k--s", ms=3, label="best-of-n",
    )  # fmt: skip
    for method, label in SHOWN.items():
        rounds = setting["methods"][method]["by round"]
        work = [one["work"] for one in rounds]
        axes.plot(work, [one["score"] for one in rounds], marker="o", ms=3, label=label)
    axes.set(xlabel="tokens through the decoder, per case", ylabel="nothing wrong, percent")
    axes.legend(frameon=False, fontsize=8)
    figure.savefig(path, dpi=120)
    plt.close(figure)
