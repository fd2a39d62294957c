"""Media: how a portrait is painted at full size, stroke by stroke, on the processor.

The layer stands on the core alone.  A face's outlines come in as `limner.core.features.Features`; nothing here
knows engines, words or landmark networks.  Numba and OpenCV are imported only once something is painted.
"""
