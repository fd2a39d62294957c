"""The tree in the docstring of `limner.core.errors` is the tree."""

import re

from limner.core import errors


def _classes():
    return [c for c in vars(errors).values() if isinstance(c, type) and issubclass(c, errors.LimnerError)]


def test_the_docstring_lists_every_class_with_its_exit_code():
    listed = dict(re.findall(r"(\w+Error|Cancelled)\s+(\d+)", errors.__doc__ or ""))
    assert listed == {c.__name__: str(c.exit_code) for c in _classes()}


def test_codes_are_unique():
    codes = [c.code for c in _classes()]
    assert len(codes) == len(set(codes))


def test_message_and_hint_are_both_shown():
    error = errors.InputError("n = 0.", "Ask for one.")
    assert str(error) == "n = 0. Ask for one."
    assert error.hint == "Ask for one."
