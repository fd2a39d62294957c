"""`limner media`, `styles`, `render`, and the options of a hand."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from limner.core.picture import read_picture
from limner.provenance.disclosure import read_disclosure, read_recipe

KIND = "Iptc4xmpExt:DigitalSourceType"


def only(folder: str) -> Path:
    (file,) = Path(folder).iterdir()
    return file


def test_media_are_timed(run):
    told = run("media", "bench", "pixel", "none", "--sizes", "32,64", "--runs", "1", "--json")
    rows = [json.loads(line) for line in told.lines]
    assert [(r["medium"], r["what"]) for r in rows] == [
        (m, what) for m in ("pixel", "none") for what in ("32 px", "64 px", "light, 64 px")
    ]
    assert all(r["seconds"] > 0 for r in rows)
    table = run("media", "bench", "pixel", "--sizes", "32", "--runs", "1").lines
    assert table[-1].startswith("pixel ")
    assert len(table[-1].split()) == 3
    for words in (("oyl",), ("pixel", "--sizes", "big"), ("pixel", "--sizes", "8"), ("pixel", "--runs", "0")):
        assert run("media", "bench", *words).code == 2


def test_options_of_media_stand_before_or_after_the_name(run):
    assert run("media", "--json", "oil").lines == run("media", "oil", "--json").lines
    assert "turned on the medium" in " ".join(run("media", "oil", "--help").lines)


def test_media_are_listed(run):
    assert run("media").lines[0].startswith("none ")
    rows = [json.loads(line) for line in run("media", "--json").lines]
    assert len(rows) >= 25
    assert len({row["id"] for row in rows}) == len(rows)
    oil = next(row for row in rows if row["id"] == "oil")
    assert {"name", "kind", "default", "help", "low", "high", "unit"} == set(oil["parameters"][0])
    one = run("media", "oil")
    assert "brush=1" in one.out
    assert "surface.kind=linen" in one.out
    assert run("media", "oyl").code == 2


def test_styles_are_listed(run):
    assert any(line.startswith("baroque") for line in run("styles").lines)
    rows = [json.loads(line) for line in run("styles", "--json").lines]
    assert len(rows) >= 40
    assert {"name", "medium", "settings"} == set(rows[0])


def test_a_painting_carries_its_treatment_and_paints_itself_again(run):
    result = run(
        "paint", "a king", "--seed", "3", "--medium", "linocut", "--size", "120", "--out", "a", "--canvas", "panel",
        "--light", "0.5,-0.25", "--set-param", "plates=2",
    )  # fmt: skip
    assert result.code == 0, result.err
    data = only("a").read_bytes()
    how = read_recipe(data).treatment
    assert (how.medium, how.parameters["plates"], how.surface["kind"]) == ("linocut", 2, "panel")
    assert (how.light["x"], how.light["y"]) == (0.5, -0.25)
    assert read_disclosure(data)[KIND].endswith("trainedAlgorithmicMedia")
    assert read_picture(data).shape == (120, 120, 3)
    assert run("repaint", str(only("a")), "--out", "b.png").code == 0
    assert Path("b.png").read_bytes() == data


def test_the_same_sitter_by_another_hand(run):
    run("paint", "a king", "--seed", "3", "--out", "a")
    assert run("repaint", str(only("a")), "--medium", "pixel", "--size", "96", "--out", "b.png").code == 0
    before, after = read_recipe(only("a").read_bytes()), read_recipe(Path("b.png").read_bytes())
    assert after.treatment.medium == "pixel"
    assert (after.seed, after.reading) == (before.seed, before.reading)


def test_dry_run_names_the_hand(run):
    result = run("paint", "a king, baroque", "--seed", "1", "--dry-run")
    assert "oil, baroque" in result.out
    assert "1024 px" in result.out


def test_a_photograph_is_rendered_and_marked(run):
    y = np.linspace(0, 255, 60).astype(np.uint8)
    Image.fromarray(np.broadcast_to(y[:, None, None], (60, 80, 3)).copy()).save("photo.png")
    assert run("render", "photo.png", "--medium", "woodcut", "--size", "64").lines == ["photo-woodcut.png"]
    data = Path("photo-woodcut.png").read_bytes()
    assert read_picture(data).shape == (48, 64, 3)
    said = read_disclosure(data)
    assert said[KIND].endswith("algorithmicallyEnhanced")
    assert "do not exist" not in said["dc:description"]


def test_what_is_synthetic_stays_synthetic(run):
    run("paint", "a king", "--seed", "3", "--out", "a")
    assert run("render", str(only("a")), "--style", "pop art", "--size", "64", "--out", "b.webp").code == 0
    assert read_disclosure(Path("b.webp").read_bytes())[KIND].endswith("trainedAlgorithmicMedia")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["paint", "x", "--medium", "oyl"], "oil"),
        (["paint", "x", "--style", "barok"], "baroque"),
        (["paint", "x", "--light", "3"], "X,Y"),
        (["paint", "x", "--medium", "oil", "--light", "a,b"], "light.x"),
        (["paint", "x", "--medium", "oil", "--set-param", "brush"], "NAME=VALUE"),
        (["paint", "x", "--medium", "oil", "--set-param", "brush=99"], "0.5 to 2.5"),
        (["paint", "x", "--canvas", "linen"], "--medium"),
        (["render", "missing.png", "--medium", "oil"], "missing.png"),
        (["render", "photo.png"], "medium"),
        (["render", "photo.png", "--medium", "oil", "--size", "9"], "size"),
        (["render", "photo.png", "--medium", "oil", "--out", "photo.png"], "itself"),
        (["render", "photo.png", "--medium", "oil", "--out", "photo.xyz"], "photo.xyz"),
    ],
)
def test_bad_input_is_named(run, arguments, said):
    Image.new("RGB", (40, 40)).save("photo.png")
    result = run(*arguments)
    assert result.code == 2
    assert said in result.err
    assert "Traceback" not in result.err
    assert sorted(p.name for p in Path().iterdir()) == ["photo.png"]


def test_listing_imports_nothing_heavy():
    import subprocess
    import sys

    code = (
        "import sys; from limner.cli.main import limner\n"
        "for words in (['--help'], ['paint', '--help'], ['media'], ['styles']):\n"
        "    try: limner.main(words, standalone_mode=False)\n"
        "    except SystemExit: pass\n"
        "print([m for m in ('numba', 'cv2', 'onnxruntime') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_an_edited_care_map_is_painted_by_and_kept(run):
    run("paint", "a king", "--seed", "3", "--out", "a")
    portrait = str(only("a"))
    assert run("care", portrait, "--out", "care.png").code == 0
    care = read_picture(Path("care.png").read_bytes())
    assert care.shape == read_picture(Path(portrait).read_bytes()).shape
    assert care.min() < 60  # the corners are free, eyes are not
    assert care.max() > 230
    Image.fromarray(255 - care).save("other.png")
    small = ("--medium", "oil", "--size", "96")
    for name, by in (("plain", ()), ("same", ("--care", "care.png")), ("other", ("--care", "other.png"))):
        assert run("repaint", portrait, *small, *by, "--out", f"{name}-oil.png").code == 0
    plain, same, other = (
        read_picture(Path(f"{name}-oil.png").read_bytes()).astype(int) for name in ("plain", "same", "other")
    )
    eyes = np.s_[34:50, 24:72]
    assert abs(other - plain)[eyes].mean() > 1.5 * abs(same - plain)[eyes].mean()
    recipe = read_recipe(Path("other-oil.png").read_bytes())
    assert recipe.schema == 3
    assert run("repaint", "other-oil.png", "--out", "again.png").code == 0
    assert Path("again.png").read_bytes() == Path("other-oil.png").read_bytes()
    assert run("repaint", "other-oil.png", "--medium", "acrylic", "--out", "acrylic.png").code == 0
    assert read_recipe(Path("acrylic.png").read_bytes()).treatment.care == recipe.treatment.care
    assert run("care", "other-oil.png", "--out", "kept.png").code == 0
    kept = read_picture(Path("kept.png").read_bytes()).astype(int)
    wanted = np.asarray(Image.fromarray(255 - care).resize((96, 96), Image.Resampling.BOX)).astype(int)
    assert abs(kept - wanted).mean() < 12


def test_care_maps_that_do_not_fit_are_refused(run):
    run("paint", "a king", "--seed", "3", "--out", "a")
    portrait = str(only("a"))
    Image.new("L", (300, 100)).save("wide.png")
    wrong = run("repaint", portrait, "--medium", "oil", "--size", "64", "--care", "wide.png", "--out", "x.png")
    assert (wrong.code, Path("x.png").exists()) == (2, False)
    assert "care map" in wrong.err
    assert run("repaint", portrait, "--medium", "oil", "--care", "nix.png").code != 0
    assert run("care", portrait, "--out", "care.jpg").code == 2
    assert run("care", portrait, "--out", portrait).code == 2
    assert run("care", "nix.png").code != 0
