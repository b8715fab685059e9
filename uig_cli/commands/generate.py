"""uig generate: one picture per prompt and sample, no refinement."""

from uig_cli import options as opt


def generate(
    model: opt.Model = "pocket",
    prompt: opt.Prompt = None,
    prompts: opt.Prompts = None,
    samples: opt.Samples = None,
    method: opt.DrawingMethod = ["direct"],  # noqa: B006 (Typer copies it)
    num_timesteps: opt.NumTimesteps = None,
    size: opt.PictureSize = None,
    sampler: opt.SamplerSetting = None,
    max_text_tokens: opt.MaxTextTokens = None,
    template: opt.TemplateFile = None,
    seed: opt.Seed = 0,
    device: opt.Device = "auto",
    dtype: opt.Dtype = None,
    batch_size: opt.BatchSize = None,
    allow_missing: opt.AllowMissing = 0.0,
    out: opt.Out = None,
    fresh: opt.Fresh = False,
    quiet: opt.Quiet = False,
    json: opt.Json = False,
    config: opt.Config = None,
) -> None:
    """Draw pictures from prompts, without refining them.

    uig generate --model bagel:BAGEL-7B-MoT --prompt "a red cube on a blue sphere" --samples 4
    """
    values = dict(locals())
    from uig_cli.commands.own_prompts import draw_own
    from uig_cli.errors import UigError
    from uig_cli.loop.methods import method as method_of

    for name in method:
        if method_of(name).loops:
            raise UigError(f"method {name} refines; give it to `uig refine` or `uig eval`.")
    draw_own(values)
