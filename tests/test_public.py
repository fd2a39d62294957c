"""What `import limner` offers is a promise; a change here is a change of the version."""

import limner


def test_exported_names():
    assert limner.__all__ == [
        "Cancel", "LimnerError", "Portrait", "Progress", "Reading", "Recipe", "Studio", "__version__", "open",
    ]  # fmt: skip
    for name in limner.__all__:
        assert getattr(limner, name) is not None


def test_unknown_names_are_refused():
    import pytest

    with pytest.raises(AttributeError, match="pain"):
        _ = limner.pain


def test_the_package_is_typed():
    from importlib.resources import files

    assert files("limner").joinpath("py.typed").is_file()
