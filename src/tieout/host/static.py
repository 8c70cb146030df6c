"""Static files collected once for each version: fingerprinted, compressed, and served for ever by the browser's cache."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.core.files.storage import FileSystemStorage

FOLDER = "static"
MANIFEST = "staticfiles.json"


def collect(data_dir: Path) -> Path:
    """Collect the static files below the data directory unless this very set is there, and give its folder.

    Django must be loaded. The folder appears whole; sets of earlier versions are removed.

    Raises:
        ValueError: a style sheet or script refers to a file that is not there.
    """
    from whitenoise.storage import CompressedManifestStaticFilesStorage

    sources = dict(_sources())
    digest = hashlib.sha256()
    for name, (storage, path) in sorted(sources.items()):
        digest.update(f"{name}:{storage.get_modified_time(path).timestamp()}:{storage.size(path)}\n".encode())
    target = data_dir / FOLDER / digest.hexdigest()[:16]
    if (target / MANIFEST).exists():
        return target
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(dir=target.parent))
    try:
        collected = CompressedManifestStaticFilesStorage(location=str(making), base_url="/static/")
        for name, (storage, path) in sources.items():
            with storage.open(path) as stream:
                collected.save(name, stream)
        for _, _, outcome in collected.post_process({name: (collected, name) for name in sources}, dry_run=False):
            if isinstance(outcome, Exception):
                raise ValueError(str(outcome)) from outcome
        making.rename(target)
    except OSError:
        if not (target / MANIFEST).exists():  # else another process was faster
            raise
    finally:
        shutil.rmtree(making, ignore_errors=True)
    for other in target.parent.iterdir():
        if other != target and (other / MANIFEST).exists():
            shutil.rmtree(other, ignore_errors=True)
    return target


def _sources() -> Iterator[tuple[str, tuple[FileSystemStorage, str]]]:
    """Each file's public name with the storage and path it comes from; the first finder wins, as when serving."""
    from django.contrib.staticfiles.finders import get_finders

    seen: set[str] = set()
    for finder in get_finders():
        for path, storage in finder.list([]):
            prefix = getattr(storage, "prefix", "")
            name = f"{prefix}/{path}" if prefix else path
            if name not in seen:
                seen.add(name)
                yield name, (storage, path)
