"""Checks the files of the languages and compiles them: `python -m limner.language.tongues`."""

from pathlib import Path

from limner.language.tongues.files import compile_all

compile_all(Path(__file__).parent / "data" / "compiled")
