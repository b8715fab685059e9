"""The judge that always says yes."""

from uig_cli.cases import Case, Question
from uig_cli.stats.always_yes import always_yes
from uig_cli.stats.stratified import Tally


def test_it_is_right_where_yes_is_wanted() -> None:
    questions = tuple(Question(text, wanted) for text, wanted in
                      (("a", "yes"), ("b", "no"), ("c", "yes")))  # fmt: skip
    cases = [Case("x/1", "", "", "d", questions), Case("x/2", "", "", "e", questions[1:2]),
             Case("x/3", "", "", "d", ())]  # fmt: skip
    assert always_yes(cases) == [Tally("x/1", "d", 2, 3, 0), Tally("x/2", "e", 0, 1, 0)]
