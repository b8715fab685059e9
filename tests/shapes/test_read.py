"""The exact reader: what is drawn is read, also through blur, noise, color shifts and JPEG."""

import io
from collections import Counter
from dataclasses import replace
from itertools import product
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from uig_cli.errors import UigError
from uig_cli.shapes.draw import GROUND, PAINT, draw
from uig_cli.shapes.outlines import BLOBS
from uig_cli.shapes.read import read
from uig_cli.shapes.reading import NAMELESS
from uig_cli.shapes.sample import sample_scene
from uig_cli.shapes.scene import (
    CELLS,
    COLORS,
    LEEWAY,
    MOST,
    SHAPES,
    SIZES,
    TEXTURES,
    Object,
    Scene,
    cell,
)


def objects_in(number):
    x, y = CELLS[number]
    return st.sampled_from(SIZES).flatmap(
        lambda size: st.builds(
            lambda shape, color, texture, dx, dy: Object(
                shape, color, texture, size, (x + dx, y + dy)
            ),
            st.sampled_from(SHAPES),
            st.sampled_from(COLORS),
            st.sampled_from(TEXTURES),
            st.integers(-LEEWAY[size], LEEWAY[size]),
            st.integers(-LEEWAY[size], LEEWAY[size]),
        )
    )


scenes = st.lists(st.integers(0, 8), min_size=0, max_size=MOST, unique=True).flatmap(
    lambda cells: st.tuples(*map(objects_in, cells)).map(Scene)
)


def degraded(picture, rng):
    """Blur, gain and offset per channel, noise and JPEG, about what a lossy autoencoder does."""
    blurred = Image.fromarray(picture).filter(ImageFilter.GaussianBlur(rng.uniform(0.5, 1.0)))
    numbers = np.random.default_rng(rng.getrandbits(32))
    values: np.ndarray = np.asarray(blurred, np.float32)
    values = values * (1 + numbers.uniform(-0.05, 0.05, 3)) + numbers.uniform(-8, 8, 3)
    values = np.clip(values + numbers.normal(0, 6, values.shape), 0, 255)
    file = io.BytesIO()
    Image.fromarray(values.astype(np.uint8)).save(file, "JPEG", quality=rng.randint(50, 85))
    return np.asarray(Image.open(file))


def shares_right(number, spoil, seed=0):
    """Of all objects drawn, the share read in their cell with the right quality; "all" is all
    four with the center to the pixel. Objects read where there are none count as "extra"."""
    rng = Random(seed)
    right: Counter[str] = Counter()
    drawn = 0
    for _ in range(number):
        scene = sample_scene(rng)
        reading = read(spoil(draw(scene), rng))
        by_cell = {cell(thing.center): thing for thing in reading.objects}
        right["extra"] += len(reading.objects) - len(
            {cell(thing.center) for thing in scene.objects} & set(by_cell)
        )
        for thing in scene.objects:
            drawn += 1
            seen = by_cell.get(cell(thing.center))
            if seen is not None:
                right["all"] += seen == thing
                for quality in ("shape", "color", "texture", "size"):
                    right[quality] += getattr(seen, quality) == getattr(thing, quality)
    return {quality: count / drawn for quality, count in right.items()}


@settings(max_examples=150, deadline=None)
@given(scenes)
def test_what_is_drawn_is_read(scene):
    reading = read(draw(scene))
    assert sorted(reading.objects) == sorted(scene.objects)
    assert not reading.malformed
    assert reading.outlined == reading.found


def test_every_object_there_is_reads_right():
    kinds = list(product(SHAPES, COLORS, TEXTURES, SIZES))
    for start in range(0, len(kinds), 9):
        things = [
            Object(*kind, center)
            for kind, center in zip(kinds[start : start + 9], CELLS, strict=False)
        ]
        assert sorted(read(draw(Scene(tuple(things)))).objects) == sorted(things)


def test_clean_pictures():
    shares = shares_right(500, lambda picture, _: picture)
    assert shares["all"] >= 0.999
    assert shares["extra"] == 0


def test_degraded_pictures():
    shares = shares_right(500, degraded)
    assert min(shares["shape"], shares["color"]) >= 0.98
    assert shares["texture"] >= 0.95
    assert shares["extra"] == 0


@pytest.mark.slow
def test_ten_thousand_clean_pictures():
    shares = shares_right(10_000, lambda picture, _: picture, seed=1)
    assert shares["all"] >= 0.999
    assert shares["extra"] == 0


@pytest.mark.slow
def test_ten_thousand_degraded_pictures():
    shares = shares_right(10_000, degraded, seed=2)
    assert min(shares["shape"], shares["color"]) >= 0.98
    assert shares["texture"] >= 0.95
    assert shares["extra"] <= 0.001


@settings(max_examples=40, deadline=None)
@given(scenes, st.sampled_from([64, 128, 192]))
def test_other_sizes_are_read_in_units(scene, side):
    reading = read(draw(scene, side))
    by_cell = {cell(thing.center): thing for thing in reading.objects}
    assert len(reading.objects) == len(scene.objects)
    for thing in scene.objects:
        seen = by_cell[cell(thing.center)]
        assert replace(seen, center=thing.center) == thing
        assert max(abs(a - b) for a, b in zip(seen.center, thing.center, strict=True)) <= 1


@settings(max_examples=60, deadline=None)
@given(st.integers(15, 81), st.integers(15, 81), st.sampled_from(SHAPES), st.sampled_from(TEXTURES))
def test_objects_are_read_wherever_they_stand(x, y, shape, texture):
    thing = Object(shape, "green", texture, "large", (x, y))
    assert read(draw(Scene((thing,)))).objects == (thing,)


def test_box_and_mask_enclose_the_object():
    thing = Object("square", "red", "plain", "large", (48, 48))
    (found,) = read(draw(Scene((thing, Object("star", "blue", center=(16, 16)))))).found[1:]
    assert found.box == (36, 36, 60, 60)
    assert found.mask.sum() == 24 * 24
    assert found.mask[36:60, 36:60].all()


@pytest.mark.parametrize("blob", BLOBS)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("texture", TEXTURES)
def test_a_blob_is_no_object(blob, size, texture):
    thing = Object("circle", "blue", center=(16, 80))
    reading = read(draw(Scene((Object(blob, "orange", texture, size), thing))))
    assert reading.objects == (thing,)
    assert reading.outlined == reading.found
    assert {bad.reason for bad in reading.malformed} <= {"outline", "between"}
    assert "orange" in {bad.color for bad in reading.malformed}


def test_stained_shapes_are_mostly_no_objects():
    things = [
        Object(f"{shape} stained {other}", color, "plain", "large", (x, 48))
        for shape, color, other, x in product(SHAPES, COLORS, COLORS, (16, 47))
        if np.linalg.norm(np.subtract(PAINT[color], PAINT[other])) > 150
    ]
    readings = [read(draw(Scene((thing,)))) for thing in things]
    reasons = Counter(bad.reason for reading in readings for bad in reading.malformed)
    assert set(reasons) <= {"patchy", "color"}
    assert sum(reasons.values()) > 0.97 * len(things)
    for thing, reading in zip(things, readings, strict=True):
        (seen,) = reading.outlined
        assert (seen.object.shape, seen.object.size) == (thing.shape.split()[0], thing.size)
        assert np.abs(np.subtract(seen.object.center, thing.center)).max() <= 1
        assert seen.object.color in (COLORS if reading.objects else NAMELESS.values())


def test_a_stain_of_the_same_color_is_none():
    thing = Object("star", "red", "dotted", "small", (80, 17))
    stained = replace(thing, shape="star stained red")
    assert (draw(Scene((stained,))) == draw(Scene((thing,)))).all()


def canvas():
    return np.full((96, 96, 3), GROUND, np.uint8)


def test_things_that_ran_together_are_malformed():
    picture = draw(
        Scene((Object("circle", "red", center=(40, 48)), Object("circle", "red", center=(62, 48))))
    )
    reading = read(picture)
    (bad,) = reading.malformed
    assert (bad.reason, bad.color, bad.center) == ("crowded", "red", (51, 48))
    assert reading.outlined == ()


def test_two_colors_in_one_outline_are_malformed():
    picture = draw(Scene((Object("circle", "red"),)))
    half = picture[:, :48]
    half[(half == PAINT["red"]).all(axis=2)] = PAINT["blue"]
    (bad,) = read(picture).malformed
    assert bad.reason == "patchy" and bad.outlined
    assert bad.outlined.object == Object("circle", "mixed", "mixed")
    assert bad.outlined.box == bad.box == (35, 35, 61, 61)


def test_an_unknown_color_is_malformed():
    picture = draw(Scene((Object("square", "red"),)))
    picture[(picture == PAINT["red"]).all(axis=2)] = (90, 220, 220)
    (bad,) = read(picture).malformed
    assert bad.reason == "color" and bad.outlined
    assert bad.outlined.object == Object("square", "other", "plain")


def test_what_is_outlined_is_told_in_the_order_of_what_is_seen():
    things = [Object("star", "red", center=center) for center in CELLS[::4]]
    things[1] = replace(things[1], shape="star stained green")
    reading = read(draw(Scene(tuple(things))))
    assert [each.object.color for each in reading.outlined] == ["red", "mixed", "red"]
    assert [each.color for each in reading.objects] == ["red", "red"]


def test_a_faint_smear_is_no_small_star():
    """Its halo resembles one; what is seen of it is far smaller."""
    picture = canvas().astype(np.float64)
    rows, columns = np.mgrid[:96, :96]
    halo = np.exp(-(((rows - 48) / 9) ** 2 + ((columns - 48) / 7) ** 2) / 2)
    for faint in np.linspace(60, 100, 21):
        smear = picture - halo[..., None] * np.array((faint, 2, 2))
        reading = read(smear.clip(0, 255).astype(np.uint8))
        assert reading.outlined == ()


def test_a_pattern_out_of_place_is_malformed():
    picture = canvas()
    picture[36:60, 36:60] = PAINT["red"]
    picture[36:60:6, 36:60] = picture[37:60:6, 36:60] = PAINT["black"]
    assert [bad.reason for bad in read(picture).malformed] == ["patchy"]


def test_another_background_is_malformed():
    assert [bad.reason for bad in read(canvas() // 2).malformed] == ["background"]


def test_dirt_is_not_reported():
    picture = canvas()
    picture[10:13, 10:13] = 0
    reading = read(picture)
    assert (reading.found, reading.malformed) == ((), ())


def test_an_image_reads_like_its_array():
    picture = draw(sample_scene(Random(3)))
    assert read(Image.fromarray(picture).convert("RGBA")).objects == read(picture).objects


def test_only_square_pictures_are_read():
    with pytest.raises(UigError, match="got a picture of 32x48"):
        read(Image.new("RGB", (32, 48)))
