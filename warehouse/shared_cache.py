"""The shared extract cache: extracts from all machines of a cluster, at a URL that all can reach.

There is one object per content and extractor version. Writes are idempotent, so batches can be retried, and a
lost worker costs no more than its batch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

from ontherecord.warehouse.errors import WarehouseError
from ontherecord.warehouse.extract_codec import DamagedExtract, PackedExtract, exact_text_sha256, unpack
from ontherecord.warehouse.records import ArticleText

# Concurrent requests.
_REQUESTS = 16
_KEY_BYTES = 64


class SharedCache:
    """Extracts by content and extractor version below a URL that fsspec supports: a folder, s3://…"""

    def __init__(self, url: str) -> None:
        from fsspec.core import url_to_fs

        try:
            self._files, root = url_to_fs(url)
        except (ImportError, ValueError) as error:
            raise WarehouseError(
                f"The shared cache {url} cannot be opened: {error}. Fix the setting shared_cache, or install "
                "the package that it needs."
            ) from error
        self._root = str(root).rstrip("/")
        self._folders: set[str] = set()

    def find(self, texts: Iterable[ArticleText], extractor_version: str) -> dict[str, PackedExtract]:
        """Return the extracts of these exact texts, by content; damaged ones count as missing."""
        wanted = list(texts)
        with ThreadPoolExecutor(_REQUESTS) as threads:
            found = threads.map(lambda text: self._read(text, extractor_version), wanted)
            return {packed.content_sha256: packed for packed in found if packed}

    def put(self, extracts: Mapping[ArticleText, PackedExtract]) -> None:
        """Store the extracts of these texts."""
        with ThreadPoolExecutor(_REQUESTS) as threads:
            list(threads.map(lambda item: self._write(*item), extracts.items()))

    def remove(self, contents: Iterable[str]) -> None:
        """Remove the extracts of these contents, of any version."""
        for name in [name for content in contents for name in self._names(content)]:
            self._files.rm_file(name)

    def count(self, contents: Iterable[str]) -> int:
        """Return how many extracts of these contents there are, of any version."""
        return sum(len(self._names(content)) for content in contents)

    def _names(self, content_sha256: str) -> list[str]:
        return list(self._files.glob(f"{self._root}/*/{content_sha256[:2]}/{content_sha256}"))

    def _read(self, text: ArticleText, extractor_version: str) -> PackedExtract | None:
        try:
            content = bytes(self._files.cat_file(self._name(text.content_sha256, extractor_version)))
        except FileNotFoundError:
            return None
        packed = PackedExtract(text.content_sha256, extractor_version, content[_KEY_BYTES:])
        try:
            unpack(packed)
        except DamagedExtract:
            return None
        return packed if content[:_KEY_BYTES] == exact_text_sha256(text).encode() else None

    def _write(self, text: ArticleText, packed: PackedExtract) -> None:
        name = self._name(packed.content_sha256, packed.extractor_version)
        folder = name.rpartition("/")[0]
        if folder not in self._folders:
            self._files.makedirs(folder, exist_ok=True)
            self._folders.add(folder)
        # In a folder this is not atomic, but a partial object cannot be unpacked and counts as missing.
        self._files.pipe_file(name, exact_text_sha256(text).encode() + packed.payload)

    def _name(self, content_sha256: str, extractor_version: str) -> str:
        return f"{self._root}/{extractor_version}/{content_sha256[:2]}/{content_sha256}"
