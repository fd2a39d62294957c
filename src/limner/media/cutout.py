"""The cut-out: a sitter apart from the background, each in colours of its own.

In a soft edge the picture's colour is a mixture.  The two colours are estimated from coarse to fine (Germer,
Uelwer, Conrad and Harmeling, "Fast multi-level foreground estimation", 2020), so a cut-out carries no fringe of the
background it was painted on; what is left over is shared so that sitter over background is the picture again.
Behind the sitter the background goes on softly, with the grain that it has beside him.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from limner.core.features import Features
from limner.core.picture import Picture
from limner.core.rng import gaussian
from limner.media.arrays import Floats
from limner.media.hands import Hands
from limner.media.matte import Matte, matte_of, places
from limner.media.raster import broad_blur, resize

_BAND = 128  # rows handled at once at full size
_TILE = 512  # px of the grain's tile
_SMOOTH, _STEEP = 2e-2, 0.1  # weights of neighbours, after Germer and others


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cutout:
    """A picture taken apart."""

    sitter: npt.NDArray[np.uint8]
    """uint8 RGBA [h, w, 4], straight alpha; hidden px hold the colour of what is near."""
    background: Picture
    """uint8 RGB [h, w, 3], filled in behind the sitter."""


def cut_out(picture: Picture, features: Features | None, hands: Hands) -> Cutout:
    """The sitter of a picture, apart from its background.

    Args:
        picture: uint8 RGB [h, w, 3].
        features: the face; None takes the middle of the picture for the sitter.
        hands: threads.

    Raises:
        Cancelled: a stop was requested.
    """
    return taken_apart(picture, matte_of(picture, features, hands), hands)


def taken_apart(picture: Picture, matte: Matte, hands: Hands) -> Cutout:
    """Sitter and background of a picture whose matte is known.

    Args:
        picture: uint8 RGB [h, w, 3].
        matte: of this picture.
        hands: threads.
    """
    import cv2

    high, wide = picture.shape[:2]
    front, back = colours_apart(matte.small, matte.small_alpha)
    hands.cancel.check()
    sitter = np.empty((high, wide, 4), np.uint8)
    behind = np.empty((high, wide, 3), np.uint8)
    grain = _Grain.of(picture, matte.small_alpha)

    def band(k: int) -> None:
        y0, y1 = k * _BAND, min(high, (k + 1) * _BAND)
        x, y = places((high, wide), matte.small_alpha.shape, y0, y1)

        def at(field: Floats) -> Floats:
            return np.asarray(cv2.remap(field, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)

        alpha = np.rint(matte.alpha[y0:y1, :, None] * np.float32(255)) * np.float32(1 / 255)  # as files hold it
        f, b = at(front), at(back)
        colours = picture[y0:y1].astype(np.float32) * np.float32(1 / 255)
        left = colours - alpha * f - (1 - alpha) * b
        # each colour takes of it what the picture shows of that colour, so that both together are the picture again
        af, ab = alpha**3, (1 - alpha) ** 3
        left /= alpha * af + (1 - alpha) * ab
        f = np.clip(f + af * left, 0, 1)
        b = np.clip(b + ab * left, 0, 1)
        # what one could not take, being black or white already, goes to the other
        left = colours - alpha * f - (1 - alpha) * b
        b = np.clip(b + left / np.maximum(1 - alpha, 0.25), 0, 1)
        left = colours - alpha * f - (1 - alpha) * b
        f = np.clip(f + left / np.maximum(alpha, 0.02), 0, 1)
        b += np.clip(alpha * 2 - 1, 0, 1) ** 2 * grain.rows(y0, y1)
        sitter[y0:y1, :, :3] = _bytes(f)
        sitter[y0:y1, :, 3] = _bytes(alpha[..., 0])
        behind[y0:y1] = _bytes(b)

    hands.each(band, -(-high // _BAND))
    return Cutout(sitter=sitter, background=behind)


def colours_apart(colour: Floats, alpha: Floats) -> tuple[Floats, Floats]:
    """The sitter's and the background's colour at every px, from coarse to fine.

    Args:
        colour: sRGB 0..1, float32 [h, w, 3].
        alpha: float32 [h, w] 0..1.

    Returns:
        Two float32 [h, w, 3] in 0..1.
    """
    from limner.media.matte_kernel import apart

    high, wide = alpha.shape
    levels = max(1, int(np.ceil(np.log2(max(high, wide)))))
    mean = np.asarray(colour.reshape(-1, 3).mean(0), np.float32)
    front = np.broadcast_to(mean, (1, 1, 3)).copy()
    back = front.copy()
    for level in range(levels + 1):
        shape = (max(1, round(high ** (level / levels))), max(1, round(wide ** (level / levels))))
        front, back = resize(front, shape, "nearest"), resize(back, shape, "nearest")
        small = np.ascontiguousarray(resize(colour, shape, "area") if shape != (high, wide) else colour, np.float32)
        share = np.ascontiguousarray(resize(alpha, shape, "area") if shape != (high, wide) else alpha, np.float32)
        apart(small, share, front, back, 10 if max(shape) <= 32 else 3, _SMOOTH, _STEEP)
    return front, back


class _Grain:
    """The unrest of a background (canvas, brush marks) as a tile that repeats without a seam.

    A tile of noise gets the spectrum of the widest free square (random phase noise: Galerne, Gousseau and Morel,
    "Random phase textures", 2011), so it is of the same kind and shows no figure twice.
    """

    def __init__(self, tile: Floats, width: int) -> None:
        self._tile = tile
        self._columns = np.arange(width) % tile.shape[1]

    @classmethod
    def of(cls, picture: Picture, alpha: Floats) -> _Grain:
        """Of a picture whose small matte is known; no unrest where the background is hidden."""
        import cv2

        high, wide = picture.shape[:2]
        free = np.pad((alpha < 0.01).astype(np.uint8), 1)
        reach = np.asarray(cv2.distanceTransform(free, cv2.DIST_C, 3))[1:-1, 1:-1]
        y, x = np.unravel_index(int(reach.argmax()), reach.shape)
        scale = high / alpha.shape[0]
        half = (float(reach[y, x]) - 1) * scale
        if half < 8:
            return cls(np.zeros((1, 1, 3), np.float32), wide)
        y0, x0 = max(0, int((y + 0.5) * scale - half)), max(0, int((x + 0.5) * scale - half))
        side = min(_TILE, int(2 * half))
        patch = picture[y0 : y0 + side, x0 : x0 + side].astype(np.float32) * np.float32(1 / 255)
        return cls(_of_this_kind(patch - broad_blur(patch, max(1.0, 0.012 * max(high, wide)))), wide)

    def rows(self, y0: int, y1: int) -> Floats:
        """[y1 - y0, w, 3], about 0."""
        return self._tile[np.arange(y0, y1) % self._tile.shape[0]][:, self._columns]


def _of_this_kind(patch: Floats) -> Floats:
    """Noise [_TILE, _TILE, 3] with the spectrum and the strength of a patch."""
    high, wide = patch.shape[:2]
    window = np.outer(np.hanning(high + 2)[1:-1], np.hanning(wide + 2)[1:-1])
    noise = np.fft.rfft2(gaussian(0, "cutout.grain", (_TILE, _TILE)))
    turn = noise / np.maximum(np.abs(noise), 1e-12)
    tile = np.zeros((_TILE, _TILE, 3), np.float32)
    gain = _TILE / np.sqrt(float((window**2).sum()))
    for c in range(3):
        plane = np.zeros((_TILE, _TILE))
        plane[:high, :wide] = (patch[..., c] - patch[..., c].mean()) * window * gain
        tile[..., c] = np.fft.irfft2(np.abs(np.fft.rfft2(plane)) * turn, s=(_TILE, _TILE))
    return tile


def _bytes(values: Floats) -> npt.NDArray[np.uint8]:
    return np.rint(np.clip(values, 0, 1) * np.float32(255)).astype(np.uint8)
