"""The media that ship with Limner, in the order in which they are listed."""

from __future__ import annotations

from limner.media.acrylic import ACRYLIC
from limner.media.charcoal import CHARCOAL
from limner.media.coloured_pencil import COLOURED_PENCIL
from limner.media.enlarge import ENLARGE
from limner.media.etching import ETCHING
from limner.media.fresco import FRESCO
from limner.media.gouache import GOUACHE
from limner.media.graphite import GRAPHITE
from limner.media.ink_wash import INK_WASH
from limner.media.linocut import LINOCUT
from limner.media.low_poly import LOW_POLY
from limner.media.medium import Medium
from limner.media.mosaic import MOSAIC
from limner.media.neon import NEON
from limner.media.oil import OIL
from limner.media.oil_dots import DOTS
from limner.media.oil_glazed import GLAZED
from limner.media.oil_knife import KNIFE
from limner.media.paper_cut import PAPER_CUT
from limner.media.pastel import PASTEL
from limner.media.pen import PEN
from limner.media.pixel import PIXEL
from limner.media.screen_print import SCREEN_PRINT
from limner.media.stained_glass import STAINED_GLASS
from limner.media.stipple import STIPPLE
from limner.media.watercolour import WATERCOLOUR
from limner.media.woodcut import WOODCUT


def media() -> tuple[Medium, ...]:
    """Our media; the entry point `limner.media` names this function."""
    return (
        ENLARGE, OIL, GLAZED, KNIFE, DOTS, ACRYLIC, GOUACHE, WATERCOLOUR, PASTEL, FRESCO, CHARCOAL, GRAPHITE,
        COLOURED_PENCIL, INK_WASH, PEN, ETCHING, WOODCUT, LINOCUT, SCREEN_PRINT, STIPPLE, MOSAIC, STAINED_GLASS,
        PAPER_CUT, NEON, PIXEL, LOW_POLY,
    )  # fmt: skip
