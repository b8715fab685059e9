"""uig refine: the loop on a user's own prompts, with every step to look at."""

import typer

from uig_cli import options as opt


def refine(
    context: typer.Context,
    model: opt.Model = "pocket",
    prompt: opt.Prompt = None,
    prompts: opt.Prompts = None,
    image: opt.InputImage = None,
    samples: opt.Samples = None,
    method: opt.MethodName = ["uig"],  # noqa: B006 (Typer copies it)
    rounds: opt.Rounds = 4,
    num_timesteps: opt.NumTimesteps = None,
    size: opt.PictureSize = None,
    sampler: opt.SamplerSetting = None,
    max_text_tokens: opt.MaxTextTokens = None,
    template: opt.TemplateFile = None,
    verdict: opt.Verdict = None,
    seed: opt.Seed = 0,
    examiner: opt.Examiner = None,
    editor: opt.Editor = None,
    device: opt.Device = "auto",
    dtype: opt.Dtype = None,
    batch_size: opt.BatchSize = None,
    allow_missing: opt.AllowMissing = 0.0,
    out: opt.Out = None,
    fresh: opt.Fresh = False,
    yes: opt.Yes = False,
    quiet: opt.Quiet = False,
    json: opt.Json = False,
    config: opt.Config = None,
) -> None:
    """Draw, examine, edit, repeat: a picture per step, what was said of it, a contact sheet.

    uig refine --model bagel:BAGEL-7B-MoT --prompt "two birds and three apples"
    """
    values = dict(locals())
    del values["context"]
    from uig_cli.commands import asked
    from uig_cli.commands.own_prompts import draw_own
    from uig_cli.errors import UigError
    from uig_cli.inputs import read_picture
    from uig_cli.loop.methods import method as method_of

    for name in method:
        if image is not None and not method_of(name).loops:
            raise UigError(f"method {name} draws its own picture; leave --image or it out.")
    if image is not None and asked.on_the_line(context, "size"):
        raise UigError("--size is for a picture that is drawn first; leave --image or it out.")
    asked.refuse_idle(context, values)
    asked.refuse_verdict_parser(context, values)
    draw_own(values, read_picture(image) if image is not None else None)
