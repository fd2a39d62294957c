"""A real PostgreSQL server for tests: found, started in a scratch folder, stopped."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def binaries() -> Path | None:
    """Folder of `initdb` and `postgres`, newest version first; None if there is no server here."""
    found = [Path(p) for name in ("initdb",) if (p := shutil.which(name))]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    found = [p.resolve() for p in found]
    return found[0].parent if found else None


@contextmanager
def server() -> Iterator[str]:
    """Start a server that only this machine's users reach; yields the URL of its first database."""
    folder = Path(tempfile.mkdtemp(prefix="limner-postgres-"))
    tools = binaries()
    assert tools is not None
    # PostgreSQL refuses to run as root
    user = "postgres" if os.name != "nt" and os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    data, log = folder / "data", folder / "log"

    def run(*command: str) -> None:
        subprocess.run(command, check=True, capture_output=True, user=user, cwd=folder)

    try:
        run(str(tools / "initdb"), "-D", str(data), "-U", "limner", "-E", "UTF8", "--no-locale", "-A", "trust", "-N")
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -c max_connections=50"
        run(str(tools / "pg_ctl"), "-D", str(data), "-l", str(log), "-o", options, "-w", "start")
        try:
            yield f"postgresql://limner@/postgres?host={folder}"
        finally:
            run(str(tools / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
