"""Store: article files in an object store or on a server, through fsspec. Discover and read for URLs."""

from __future__ import annotations

import errno
import hashlib
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from ontherecord.flows.landing.folder import SUFFIX, TEMPORARY_PREFIXES
from ontherecord.flows.landing.location import KINDS, LandingUrl
from ontherecord.flows.landing.read import KEPT_BYTES, TRANSIENT_ERRNOS, too_large
from ontherecord.warehouse.errors import BadDelivery, FileChanged, LandingError, OnTheRecordError
from ontherecord.warehouse.records import Failure, LandedFile, RawFile

# Requests under way at a time. An object takes some 20 to 100 ms, whatever its size.
_REQUESTS = 16
_CREDENTIALS = {
    "s3": "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or ~/.aws; AWS_ENDPOINT_URL names another store",
    "gs": "GOOGLE_APPLICATION_CREDENTIALS or gcloud's login",
    "az": "AZURE_STORAGE_CONNECTION_STRING, or AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY",
    "sftp": "the user in the URL, keys in ~/.ssh or an agent, and the server in ~/.ssh/known_hosts",
}
# Told by name: to import what raises them would need every store's package.
_REFUSED = frozenset(
    (
        "NoCredentialsError",
        "PartialCredentialsError",
        "ClientAuthenticationError",
        "DefaultCredentialsError",
        "PermissionDenied",
        "SFTPPermissionDenied",
        "HostKeyNotVerifiable",
        "KeyImportError",
    )
)
# Attempts for what a store could not answer just now, with growing pauses in between.
_S3 = {"config_kwargs": {"connect_timeout": 10, "read_timeout": 30, "retries": {"max_attempts": 4}}}


class StoreReader:
    """Reads objects, many at a time: those of a batch are fetched while the first is looked at."""

    def __init__(self, url: LandingUrl) -> None:
        self._url = url
        self._files, _ = open_store(url)
        self._threads = ThreadPoolExecutor(_REQUESTS, thread_name_prefix="landing")
        self._fetched: dict[str, Future[bytes]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._threads.shutdown(cancel_futures=True)

    def fetch(self, files: Sequence[LandedFile]) -> None:
        """Begin to fetch these objects; those of the batch before that nobody asked for are let go."""
        for future in self._fetched.values():
            future.cancel()
        self._fetched = {
            str(f.file): self._threads.submit(self._get, f) for f in files if f.bytes <= KEPT_BYTES
        }

    def read(self, landed: LandedFile) -> RawFile:
        """Return an object's bytes.

        Raises FileChanged if it is gone or was replaced since it was listed, BadDelivery (`unreadable`,
        `too_large`) if it may not be read, and OSError, its errno one of AWAY, if the store does not answer.
        """
        if landed.bytes > KEPT_BYTES:
            raise BadDelivery(too_large(landed.bytes))
        future = self._fetched.pop(str(landed.file), None)
        content = future.result() if future else self._get(landed)
        if len(content) != landed.bytes:
            raise FileChanged(f"{landed.source_path} was replaced since it was listed")
        return RawFile(landed, content, hashlib.sha256(content).hexdigest())

    def _get(self, landed: LandedFile) -> bytes:
        name = str(landed.file)
        try:
            content = bytes(self._files.cat_file(name))
            # An object is replaced as a whole; a file on a server may be written while it is read.
            if _has_folders(self._url) and _time_of(self._files.info(name)) != landed.modified_ns:
                raise FileChanged(f"{landed.source_path} changed while it was read")
        except FileNotFoundError as error:
            raise FileChanged(f"{landed.source_path} vanished") from error
        except FileChanged:
            raise
        except Exception as error:
            if _is_refused(error):
                raise BadDelivery(
                    Failure(
                        "unreadable",
                        None,
                        _in_words(error),
                        "This user may list the object, but not read it. Give it the right to read it.",
                    )
                ) from error
            raise _away(error) from error
        return content


def list_store(url: LandingUrl, unlistable: list[str] | None = None) -> Iterator[LandedFile]:
    """Yield every `.txt` object below a URL.

    Raises LandingError if the place is missing, this user may not list it, or it does not answer.
    """
    files, root = open_store(url)
    base = root.strip("/") + "/"
    try:
        for info in _look(files, root, _has_folders(url), unlistable, len(base)):
            name = str(info["name"])
            path = name.lstrip("/").removeprefix(base)
            if info["type"] == "file" and _is_article(path):
                yield LandedFile(path, name, int(info["size"]), _time_of(info))
    except LandingError:
        raise
    except Exception as error:
        raise _cannot_be_listed(url, error) from (error if _is_final(error) else _away(error))


def open_store(url: LandingUrl) -> tuple[Any, str]:
    """Return fsspec's file system for a URL, and the root in it.

    Raises LandingError if the package for this kind of place is not installed, or there is no way to it.
    """
    from fsspec.core import url_to_fs

    kind = KINDS[url.scheme]
    # What was listed is not to be remembered: each run looks anew. And sshfs takes any server's key, unless
    # it is told to look where ssh does.
    options: dict[str, Any] = {"known_hosts": ()} if kind == "sftp" else {"use_listings_cache": False}
    try:
        files, root = url_to_fs(url.url, skip_instance_cache=True, **options, **(_S3 if kind == "s3" else {}))
    except ImportError as error:
        raise LandingError(
            f"{url} needs a package that is not installed: pip install 'ontherecord[{kind}]'."
        ) from error
    except Exception as error:
        raise _cannot_be_listed(url, error) from (error if _is_final(error) else _away(error))
    return files, str(root)


@contextmanager
def open_archive(url: LandingUrl) -> Iterator[tuple[Any, int]]:
    """Open an archive at a URL; give its bytes, and when it was changed.

    Raises LandingError, then or while it is read, if it cannot be had.
    """
    files, name = open_store(url)
    try:
        changed_at = _time_of(files.info(name))
        with files.open(name, "rb") as file:
            yield file, changed_at
    except (OnTheRecordError, zlib.error, EOFError):
        raise
    except Exception as error:
        if type(error).__module__ in ("zipfile", "tarfile"):
            raise
        raise _cannot_be_listed(url, error) from (error if _is_final(error) else _away(error))


def _look(
    files: Any, root: str, has_folders: bool, unlistable: list[str] | None, skip: int
) -> Iterator[dict[str, Any]]:
    """Yield what fsspec says of each file below a root."""
    if not has_folders:
        files.invalidate_cache()
        yield from files.find(root, detail=True).values()
        return
    folders = [root]
    while folders:
        folder = folders.pop()
        try:
            found = files.ls(folder, detail=True)
        except Exception as error:
            if folder == root:
                raise
            if isinstance(error, FileNotFoundError):
                continue  # it went away between two looks
            if not _is_refused(error) or unlistable is None:
                raise
            unlistable.append(folder.lstrip("/")[skip:])
            continue
        for info in found:
            if info["type"] == "directory":
                if not str(info["name"]).rpartition("/")[2].startswith(TEMPORARY_PREFIXES):
                    folders.append(str(info["name"]))
            else:
                yield info


def _is_article(path: str) -> bool:
    return path.lower().endswith(SUFFIX) and not any(
        part.startswith(TEMPORARY_PREFIXES) for part in path.split("/")
    )


def _time_of(info: dict[str, Any]) -> int:
    """Return when a file was changed, in nanoseconds since 1970.

    Object stores tell it to the second. Where they give an etag, its checksum stands in the place of the
    fraction, so that an object that is replaced within a second by one of its size has another time.
    """
    at = next(
        (info[key] for key in ("LastModified", "last_modified", "updated", "mtime") if info.get(key)), 0
    )
    if isinstance(at, str):
        at = datetime.fromisoformat(at)
    if isinstance(at, datetime):
        at = (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
    etag = next((info[key] for key in ("ETag", "etag", "md5Hash") if info.get(key)), None)
    if etag is None:
        return int(at * 1_000_000_000)
    return int(at) * 1_000_000_000 + zlib.crc32(str(etag).encode()) % 1_000_000_000


def _has_folders(url: LandingUrl) -> bool:
    """Say whether a place has folders, each to be listed by itself, and files that are written in place."""
    return KINDS[url.scheme] == "sftp"


def _is_refused(error: BaseException) -> bool:
    return isinstance(error, PermissionError) or type(error).__name__ in _REFUSED


def _is_final(error: BaseException) -> bool:
    """Say whether to ask again is of no use."""
    return _is_refused(error) or isinstance(error, FileNotFoundError | ValueError)


def _cannot_be_listed(url: LandingUrl, error: BaseException) -> LandingError:
    what = _in_words(error)
    if _is_refused(error):
        return LandingError(
            f"{url} may not be listed ({what}). Credentials are taken from {_CREDENTIALS[KINDS[url.scheme]]}."
        )
    if isinstance(error, FileNotFoundError):
        return LandingError(f"{url} does not exist ({what}). Create it, or name another one.")
    return LandingError(
        f"{url} cannot be listed ({what}). Nothing was changed. See that the address is right and the store "
        "answers, then run it again."
    )


def _away(error: BaseException) -> OSError:
    """Return an error as one that passes: a store that does not answer is no fault of its objects."""
    if isinstance(error, OSError) and error.errno in TRANSIENT_ERRNOS:
        return error
    return OSError(errno.EHOSTUNREACH, _in_words(error))


def _in_words(error: BaseException) -> str:
    words = " ".join(f"{error}".split()) or type(error).__name__
    return words if len(words) <= 200 else f"{words[:199]}…"
