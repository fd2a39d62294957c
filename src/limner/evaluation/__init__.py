"""Measuring what Limner paints: words, dials, look, variety, memory.

Every figure of `docs/quality.md` comes from here (`limner evaluate`) or from `benchmarks/`.
"""
