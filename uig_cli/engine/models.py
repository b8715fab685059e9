"""The models of a run, one for each role, and whether they can do what its methods ask."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from uig_cli.engine.capabilities import unknown_words
from uig_cli.engine.plan import DrawingPlan
from uig_cli.errors import UigError
from uig_cli.loop.methods import Method
from uig_cli.models.protocol import ROLES, Role, Sampler, Size, UnifiedModel
from uig_cli.models.registry import check_model_files, load_model, origin
from uig_cli.models.sampler_settings import resolve
from uig_cli.models.threads import one_thread_for_tiny, torch_loaded
from uig_cli.models.where import Where
from uig_cli.runs.plugins import Asked
from uig_cli.templates import Template, load_all

SHOWN = 8
"""Unknown words that a warning names."""

FLAG: Mapping[Role, str] = {"draw": "--model", "look": "--examiner", "edit": "--editor"}


@dataclass(frozen=True, slots=True)
class Models:
    """Models, their names as given, and resolved sampler settings, by role.

    drawing: the roles that the methods ask for; a judge may need one more.
    """

    by_role: Mapping[Role, UnifiedModel]
    specs: Mapping[Role, str]
    samplers: Mapping[Role, Sampler]
    drawing: tuple[Role, ...]

    @property
    def identities(self) -> dict[Role, dict[str, str]]:
        return {role: dict(self.by_role[role].identity) for role in self.drawing}

    @property
    def notes(self) -> list[str]:
        """What readers of the tables must know, each once."""
        told = {
            f"{without_place(self.specs[role])}: {model.capabilities.note}": None
            for role, model in self.by_role.items()
            if role in self.drawing and model.capabilities.note
        }
        return list(told)

    def unknown_words(self, prompts: Iterable[str]) -> Sequence[str]:
        """Words of these prompts that the model which draws has not learned, each once."""
        return unknown_words(prompts, "draw", self.by_role) if "draw" in self.drawing else ()

    def outside_domain(self, prompts: Iterable[str]) -> list[str]:
        """What the model that draws should not be asked for: a sentence, or none."""
        found = self.unknown_words(prompts)
        if not found:
            return []
        named = ", ".join(found[:SHOWN])
        more = f" and {len(found) - SHOWN} more words" if len(found) > SHOWN else ""
        return [f"{self.domain}; it does not know: {named}{more}"]

    @property
    def domain(self) -> str:
        """Which model draws, and what it can do if that is little."""
        return f"{self.specs['draw']} {self.by_role['draw'].capabilities.domain}"

    def described(self, role: Role) -> object:
        """The identity and settings of the role's model, as given if it is not loaded."""
        if role not in self.by_role:
            return self.specs[role]
        _, settings = origin(self.specs[role])
        told = [dict(self.by_role[role].identity), dict(self.samplers[role])]
        return [*told, settings] if settings else told

    @property
    def asked(self) -> dict[Role, Asked]:
        """Whose code the models that draw are, and how it was set."""
        return {role: origin(self.specs[role]) for role in self.drawing}

    def batches(self, told: Mapping[Role, int]) -> dict[Role, int]:
        """How many requests of each role are answered together. told: where a user says so."""
        return {
            role: told.get(role, model.capabilities.batch_of(role))
            for role, model in self.by_role.items()
        }


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was asked for, checked, with its models loaded. Nothing is written yet."""

    plan: DrawingPlan
    methods: tuple[Method, ...]
    templates: Mapping[str, Template]
    models: Models


def load(
    plan: DrawingPlan,
    also: Sequence[Role] = (),
    made: Mapping[str, UnifiedModel] | None = None,
) -> Loaded:
    """Loads the models of the methods, and those of the roles in `also`. made: models that are made
    of the cases, by what they are asked for as; they only examine."""
    models = load_models(plan, plan.methods, also, made or {})
    return Loaded(plan, plan.methods, load_all(plan.templates), models)


def without_place(spec: str) -> str:
    """A model as tables name it: of a path, which is this machine's affair, only the last part."""
    head, *rest = spec.split(":")
    return ":".join([head, *(part.rstrip("/").rpartition("/")[2] for part in rest)])


def needed_roles(methods: Sequence[Method]) -> list[Role]:
    needed = {role for method in methods for role in method.needs}
    return [role for role in ROLES if role in needed]


def check_files(plan: DrawingPlan, roles: Sequence[Role]) -> None:
    """Raises UigError for a model that cannot be loaded, before any weight is."""
    for spec in dict.fromkeys(plan.model_for(role) for role in roles):
        check_model_files(spec)


def load_models(
    plan: DrawingPlan,
    methods: Sequence[Method],
    also: Sequence[Role],
    made: Mapping[str, UnifiedModel],
) -> Models:
    """Loads each model once, whatever roles it plays, and checks it against the methods.

    also: roles that somebody else than the methods will ask for.
    """
    drawing = needed_roles(methods)
    roles = [role for role in ROLES if role in drawing or role in also]
    specs = {role: plan.model_for(role) for role in ROLES}
    where = Where(plan.models.device, plan.models.dtype)
    needed = dict.fromkeys(specs[role] for role in roles)
    there = {spec: model for spec, model in made.items() if specs["look"] == spec}
    loaded = load_each([spec for spec in needed if spec not in there], where) | there
    by_role = {role: loaded[specs[role]] for role in ROLES if specs[role] in loaded}
    for of in methods:
        for role in of.needs:
            _check_role(of, role, by_role[role], specs[role])
    samplers = {
        role: resolve(model.capabilities, role, plan.samplers, specs[role])
        for role, model in by_role.items()
    }
    if plan.size is not None and "draw" in by_role:
        check_size(plan.size, by_role["draw"], specs["draw"])
    return Models(by_role, specs, samplers, tuple(drawing))


def load_each(specs: Iterable[str], where: Where) -> dict[str, UnifiedModel]:
    """The models by what they were asked for as; torch works with as many threads as suit them,
    unless somebody imported it before, who may have said how many."""
    users_own = torch_loaded()
    loaded = {spec: load_model(spec, where) for spec in specs}
    if not users_own:
        one_thread_for_tiny(loaded.values())
    return loaded


def _check_role(of: Method, role: Role, model: UnifiedModel, spec: str) -> None:
    able = model.capabilities.roles
    if role in able:
        if role == "look" and of.choices and not model.capabilities.choices:
            raise UigError(
                f"method {of.label} needs a model that tells how likely given answers are; {spec} "
                "does not: give another --examiner, or another score."
            )
        return
    can = " and ".join(sorted(able)) or "do nothing"
    advice = "" if role == "draw" else f"Give {FLAG[role]}, or --method direct."
    raise UigError(
        f"method {of.name} needs {role}; {spec} can {can} only. "
        f"{advice or 'Give a --model that draws.'}"
    )


def check_size(size: Size, model: UnifiedModel, spec: str) -> None:
    """Raises UigError for a picture size that the model cannot draw."""
    able = model.capabilities
    width, height = size
    if width % able.stride or height % able.stride:
        raise UigError(
            f"--size {width}x{height}: {spec} draws sides that are multiples of {able.stride}; "
            f"give e.g. {_near(width, able.stride)}x{_near(height, able.stride)}."
        )
    if able.max_side and max(size) > able.max_side:
        raise UigError(
            f"--size {width}x{height}: {spec} draws sides of at most {able.max_side} pixels."
        )


def _near(side: int, stride: int) -> int:
    return max(stride, stride * round(side / stride))
