"""Where `limner paint` puts its pictures: into the studio, or into a folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from limner.cli.output import Output
    from limner.core.recipe import Recipe
    from limner.studio.portrait import Portrait
    from limner.studio.store.store import Store


class Destination(AbstractContextManager["Destination"], Protocol):
    """Takes in portraits while they are painted."""

    def check(self, output: Output) -> None:
        """Raise `InputError` if it takes no files of this kind."""
        ...

    def keep(self, portraits: Iterable[Portrait], output: Output) -> Iterator[tuple[Portrait, Path | str, str]]:
        """Keep portraits; each is handed on with its file and its id in the studio ("" if it has none)."""
        ...

    def file(self, recipe: Recipe, output: Output) -> str | None:
        """Where a portrait will lie; None if that is not known before it is painted."""
        ...

    @property
    def sheet(self) -> Path:
        """Where the contact sheet goes."""
        ...

    @property
    def where(self) -> str:
        """What is said of the place before painting."""
        ...


class Folder(Destination):
    """A folder that the artist names."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> Folder:
        from limner.studio.files import check_folder

        check_folder(self._folder)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        return

    def check(self, output: Output) -> None:
        return

    def keep(self, portraits: Iterable[Portrait], output: Output) -> Iterator[tuple[Portrait, Path | str, str]]:
        from limner.studio.files import file_name, write_file

        for portrait in portraits:
            name = file_name(portrait.recipe, output.format, output.depth)
            data = portrait.to_bytes(output.format, depth=output.depth, dpi=output.dpi)
            yield portrait, write_file(self._folder / name, data), ""

    def file(self, recipe: Recipe, output: Output) -> str | None:
        from limner.studio.files import file_name

        return str(self._folder / file_name(recipe, output.format, output.depth))

    @property
    def sheet(self) -> Path:
        return self._folder / "sheet.png"

    @property
    def where(self) -> str:
        return str(self._folder)


class Memory(Destination):
    """The studio: what is painted is kept, found again, and can be undone."""

    _store: Store

    def __init__(self, first: Recipe) -> None:
        from limner.core.settings import Settings
        from limner.studio.files import slug
        from limner.studio.store.place import place_of

        self._place = place_of(Settings())
        self._name = f"{slug(first.reading.words)}-{first.seed}.png"

    def __enter__(self) -> Memory:
        from limner.core.errors import StorageError
        from limner.studio.store.store import Store

        try:
            self._store = Store(self._place)
            if self._store.read_only:
                with self._store, self._store.write():
                    pass  # says why it cannot
        except StorageError as exc:
            hint = f"{exc.hint} Or paint into a folder, without the studio: --out FOLDER".strip()
            raise StorageError(exc.message, hint) from exc
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._store.close()

    def check(self, output: Output) -> None:
        from limner.core.errors import InputError
        from limner.studio.store.pictures import ENDINGS

        hint = "Paint into a folder (--out FOLDER), or what is kept again: limner repaint ID --out FILE.tif --depth 16"
        if output.format not in ENDINGS:
            raise InputError(f"The studio keeps {', '.join(ENDINGS)}, not {output.format}.", hint)
        if output.depth != 8:
            raise InputError("The studio keeps 8 bits a channel.", hint)

    def keep(self, portraits: Iterable[Portrait], output: Output) -> Iterator[tuple[Portrait, Path | str, str]]:
        from limner.cli.memory import file_of
        from limner.studio.jobs.painting import keep_painted

        for portrait, kept in keep_painted(self._store, portraits, format=output.format, dpi=output.dpi):
            yield portrait, file_of(self._store, kept) or "", kept.id

    def file(self, recipe: Recipe, output: Output) -> str | None:
        return None  # named by its content

    @property
    def sheet(self) -> Path:
        return self._place.folder / "sheets" / self._name

    @property
    def where(self) -> str:
        return f"the studio in {self._place.folder}"
