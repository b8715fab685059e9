"""The kinds of findings; imported by what must stay light, such as a benchmark's card."""

from typing import Literal

Kind = Literal["answers", "ratings", "detections", "texts", "faults"]
