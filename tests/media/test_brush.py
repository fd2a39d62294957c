import numpy as np
import pytest

from limner.core.errors import Cancelled
from limner.core.progress import Cancel
from limner.media.brush import Canvas, Strokes, bristles, lay, painted, styled, with_catch
from limner.media.hands import Hands


def bar(y: float, colour, *, x0=40.0, x1=216.0, radius=12.0, **style) -> Strokes:
    """One straight stroke."""
    path = np.array([[x0, y, radius, 0], [x1, y, radius, x1 - x0]], np.float32)
    return Strokes(
        start=np.array([0, 2], np.int32),
        path=path,
        paint=painted(colour, colour),
        style=styled(1, np.array([[0.2, 0.7]]), load=3.0, **style),
    )


def white(side: int = 256, scale: float = 1.0) -> Canvas:
    return Canvas.toned((side, side), [1, 1, 1], 0.0, scale)


def test_a_stroke_covers_its_path_and_nothing_else():
    canvas = white()
    lay(canvas, bar(128, [0.5, 0.1, 0.1], body=1.0), Hands(threads=1))
    assert np.abs(canvas.colour[128, 128] - [0.5, 0.1, 0.1]).max() < 0.02
    assert canvas.cover[128, 128] > 0.99
    assert canvas.height[128, 128] > 0
    outside = np.ones((256, 256), bool)
    outside[112:144, 20:236] = False
    assert (canvas.colour[outside] == 1).all()
    assert (canvas.cover[outside] == 0).all()


def test_the_last_stroke_lies_on_top():
    red, blue = bar(128, [0.8, 0, 0]), bar(128, [0, 0, 0.8])
    canvas = white()
    lay(canvas, Strokes.joined([red, blue]), Hands())
    assert canvas.colour[128, 128, 2] > 0.75
    lay(canvas, red, Hands())
    assert canvas.colour[128, 128, 0] > 0.75


def test_tiles_leave_no_seams():
    canvas = Canvas.toned((300, 300), [1, 1, 1], 0.0, 1.0)
    lay(canvas, bar(128, [0, 0, 0], x0=10, x1=290, streak=0.0), Hands(threads=2))
    rows = canvas.colour[128 - 8 : 128 + 8, 30:270, 0]
    assert rows.max() < 0.02


def test_any_number_of_hands_makes_the_same_picture():
    rng = np.random.default_rng(0)
    strokes = Strokes.joined(
        [bar(float(rng.uniform(0, 256)), rng.random(3), dryness=0.6, rag=0.5, streak=0.3) for _ in range(60)]
    )
    pictures = []
    for threads in (1, 2, 5):
        canvas = white()
        lay(canvas, strokes, Hands(threads=threads))
        pictures.append((canvas.colour.tobytes(), canvas.height.tobytes(), canvas.cover.tobytes()))
    assert pictures[0] == pictures[1] == pictures[2]


def test_a_stroke_is_the_same_at_every_size():
    small, large = white(128, 0.5), white(512, 2.0)
    stroke = bar(128, [0.2, 0.2, 0.2], softness=0.2)
    for canvas in (small, large):
        lay(canvas, stroke, Hands())
    averaged = large.colour.reshape(128, 4, 128, 4, 3).mean((1, 3))
    assert np.abs(averaged - small.colour).mean() < 0.004


def test_a_dry_brush_leaves_gaps_at_its_end():
    canvas = white()
    stroke = bar(128, [0, 0, 0], dryness=1.2)
    stroke.style[:, 11] = 0.5  # load
    lay(canvas, stroke, Hands())
    beginning, end = canvas.cover[120:136, 60:90].mean(), canvas.cover[120:136, 180:210].mean()
    assert beginning > 0.9
    assert end < beginning - 0.25


def test_dry_strokes_catch_on_peaks():
    tooth = np.zeros((2, 2), np.float32)
    tooth[0, 0] = 1
    canvas = Canvas.toned((256, 256), [1, 1, 1], 0.0, 1.0, tooth)
    lay(canvas, with_catch(bar(128, [0, 0, 0]), 1.0), Hands())
    assert canvas.cover[128, 128] > 0.9
    assert canvas.cover[129, 129] < 0.5


def test_strokes_beyond_the_canvas_do_nothing():
    canvas = white()
    far = Strokes.joined([bar(-500, [0, 0, 0]), bar(900, [0, 0, 0]), bar(128, [0, 0, 0], x0=600, x1=900)])
    lay(canvas, far, Hands())
    assert (canvas.colour == 1).all()
    lay(canvas, Strokes.none(), Hands())
    assert (canvas.colour == 1).all()


def test_work_stops_on_request():
    cancel = Cancel()
    cancel.request()
    with pytest.raises(Cancelled):
        lay(white(), bar(128, [0, 0, 0]), Hands(cancel=cancel))


def test_bristles_tile_and_spread():
    texture = bristles()[0].reshape(512, 512) & 255
    assert abs(float(texture.mean()) - 127.5) < 2
    seam = np.abs(texture[0].astype(float) - texture[-1]).mean()
    inner = np.abs(texture[1].astype(float) - texture[0]).mean()
    assert seam < 2 * inner + 4


def test_each_kernel_is_compiled_once():
    from limner.media import brush_kernel, light_kernel, matte_kernel, tile_kernel, trace_kernel

    for kernel in (brush_kernel.lay, light_kernel.light, trace_kernel.trace, tile_kernel.nearest, matte_kernel.solve):
        assert len(kernel.signatures) == 1


def test_what_lay_in_memory_before_does_not_show():
    """Between the arms of a bent stroke nothing is computed, so nothing left behind by others may count there."""
    path = np.array([[10, 10, 3, 0], [20, 110, 3, 100], [100, 110, 3, 180], [110, 10, 3, 280]], np.float32)
    strokes = Strokes(
        start=np.array([0, 4], np.int32),
        path=path,
        paint=painted([1, 0, 0], [1, 0, 0]),
        style=styled(1, np.full((1, 2), 0.5)),
    )
    clean = laid(strokes)
    for _ in range(20):
        rubbish = [np.full(7 * 128 + more, 3e38, np.float32) for more in range(0, 64, 2) for _ in range(4)]
        del rubbish
        assert np.array_equal(laid(strokes), clean)
    assert (clean[60, 40:80] == 0).all()


def laid(strokes: Strokes) -> np.ndarray:
    canvas = Canvas.toned((120, 120), [0, 0, 0], 1.0, 1.0)
    lay(canvas, strokes, Hands(threads=1))
    return canvas.colour
