"""One picture for many prompts: what a filter puts in a picture's place, or a model that does not
look at its prompt. It is scored as any other, and told."""

from collections import defaultdict
from collections.abc import Iterator

from uig_cli.models.protocol import UNSEEN, Picture
from uig_cli.results.run import RunReader

MANY = 3
"""Different prompts; two may be so much alike that their pictures are."""


def equal_pictures(run: RunReader) -> Iterator[str]:
    """Of each method a sentence about the picture that most prompts share, if many do."""
    prompts: dict[str, dict[Picture, set[str]]] = defaultdict(lambda: defaultdict(set))
    example: dict[tuple[str, Picture], str] = {}
    for drawn in run.drawn():
        picture = drawn.trace.steps[0].picture
        if picture is not None and not picture.sha256.startswith(UNSEEN):
            prompts[drawn.method][picture].add(drawn.case.prompt)
            example.setdefault((drawn.method, picture), drawn.case.id)
    for method, by_picture in prompts.items():
        picture, shared = max(by_picture.items(), key=lambda one: len(one[1]))
        if len(shared) >= MANY:
            yield (
                f"{len(shared)} different prompts have one and the same picture by {method} (e.g. "
                f"{example[method, picture]}); it is scored as it is: look whether the model reads "
                "its prompts, or a filter hides what it draws."
            )
