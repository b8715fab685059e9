"""What a GenEval prompt about shapes says, as a spec: its clauses, and nothing beside them."""

from collections.abc import Mapping
from typing import Any

from uig_cli.shapes.scene import SHAPES
from uig_cli.shapes.spec import ObjectGroup, ObjectKind, Relation, Spec


def spec_of(metadata: Mapping[str, Any]) -> Spec:
    clauses = metadata["include"]
    groups = (
        ObjectGroup(ObjectKind(each["class"], each.get("color")), each["count"]) for each in clauses
    )
    relations = (
        Relation(number, each["position"][0].removesuffix(" of"), each["position"][1])
        for number, each in enumerate(clauses)
        if "position" in each
    )
    return Spec(tuple(groups), tuple(relations))


def is_about_shapes(metadata: Mapping[str, Any]) -> bool:
    classes = {clause["class"] for clause in metadata.get("include", ())}
    return bool(classes) and classes <= set(SHAPES)
