"""List and read article files in an object store or on a server, through fsspec."""

from __future__ import annotations

import errno
import hashlib
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from ontherecord.flows.landing.damage import Damaged
from ontherecord.flows.landing.folder import TEMPORARY_PREFIXES
from ontherecord.flows.landing.forms.registry import SUFFIXES
from ontherecord.flows.landing.location import ARCHIVES, EXTRAS, LandingUrl
from ontherecord.flows.landing.passed_over import HIDDEN, SPECIAL, PassedOver
from ontherecord.flows.landing.read import KEPT_BYTES, TRANSIENT_ERRNOS, too_large
from ontherecord.warehouse.errors import BadDelivery, FileChanged, LandingError, OnTheRecordError
from ontherecord.warehouse.records import Failure, LandedFile, RawFile
from ontherecord.warehouse.secrets import redact

# Concurrent requests. An object takes some 20 to 100 ms, whatever its size.
_REQUESTS = 16
_CREDENTIALS = {
    "s3": "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or ~/.aws; AWS_ENDPOINT_URL names another store",
    "gs": "GOOGLE_APPLICATION_CREDENTIALS or gcloud's login",
    "az": "AZURE_STORAGE_CONNECTION_STRING, or AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY",
    "sftp": "the user in the URL, keys in ~/.ssh or an agent, and the server in ~/.ssh/known_hosts",
}
# Errors of refused access, by name: to import the classes would need every store's package.
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
# Attempts while a store is temporarily unavailable, with growing pauses.
_S3 = {"config_kwargs": {"connect_timeout": 10, "read_timeout": 30, "retries": {"max_attempts": 4}}}


class StoreReader:
    """Reads objects, many at a time: a batch is fetched while its first objects are processed."""

    def __init__(self, url: LandingUrl) -> None:
        self._url = url
        self._files, _ = open_store(url)
        self._threads = ThreadPoolExecutor(_REQUESTS, thread_name_prefix="landing")
        self._fetched: dict[str, Future[bytes]] = {}

    def close(self) -> None:
        self._threads.shutdown(cancel_futures=True)

    def fetch(self, files: Sequence[LandedFile]) -> None:
        """Start to fetch these objects; cancel those of the previous batch that were not read."""
        for future in self._fetched.values():
            future.cancel()
        self._fetched = {
            str(f.file): self._threads.submit(self._get, f) for f in files if f.bytes <= KEPT_BYTES
        }

    def read(self, landed: LandedFile) -> RawFile:
        """Return an object's bytes.

        Raises FileChanged if it was removed or replaced since it was listed, BadDelivery (`unreadable`,
        `too_large`), or OSError with one of TRANSIENT_ERRNOS if the store does not respond.
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
                        _describe(error),
                        "This user may list the object, but not read it. Grant read access.",
                    )
                ) from error
            raise _as_transient(error) from error
        return content


def list_store(url: LandingUrl, passed_over: PassedOver | None = None) -> Iterator[LandedFile]:
    """Yield every object with an extension of some form below a URL, archives among them.

    All others, and folders that this user may not list, are counted in `passed_over`, if it is given.

    Raises LandingError if the URL does not exist, this user may not list it, or it does not respond.
    """
    files, root = open_store(url)
    base = root.strip("/") + "/"
    try:
        skip = passed_over or PassedOver()
        for info in _list_files(files, root, _has_folders(url), passed_over, len(base)):
            name = str(info["name"])
            path = name.lstrip("/").removeprefix(base)
            if any(part.startswith(TEMPORARY_PREFIXES) for part in path.split("/")):
                skip.add(HIDDEN, path)
            elif info["type"] != "file":
                skip.add(SPECIAL, path)
            elif path.lower().endswith((*SUFFIXES, *ARCHIVES)):
                yield LandedFile(path, name, int(info["size"]), _time_of(info))
            else:
                skip.add_file(path)
    except LandingError:
        raise
    except Exception as error:
        raise _cannot_be_listed(url, error) from (error if _is_final(error) else _as_transient(error))


def open_store(url: LandingUrl) -> tuple[Any, str]:
    """Return fsspec's file system for a URL, and the root in it.

    Raises LandingError if the package for the scheme is not installed, or the URL is unreachable.
    """
    from fsspec.core import url_to_fs

    extra = EXTRAS[url.scheme]
    # Listings are not cached: each run lists again. `known_hosts` makes sshfs check the server's key as ssh
    # does; by default it accepts any.
    options: dict[str, Any] = {"known_hosts": ()} if extra == "sftp" else {"use_listings_cache": False}
    try:
        files, root = url_to_fs(
            url.url, skip_instance_cache=True, **options, **(_S3 if extra == "s3" else {})
        )
    except ImportError as error:
        raise LandingError(
            f"{url} needs a package that is not installed: pip install 'ontherecord[{extra}]'."
        ) from error
    except Exception as error:
        raise _cannot_be_listed(url, error) from (error if _is_final(error) else _as_transient(error))
    return files, str(root)


@contextmanager
def open_archive(url: LandingUrl) -> Iterator[tuple[Any, int, int]]:
    """Open an archive at a URL; give the file, its size, and its time of change in nanoseconds.

    Raises LandingError if it cannot be opened, cannot be read while it is open, or changes meanwhile.
    """
    files, name = open_store(url)
    try:
        info = files.info(name)
        state = int(info["size"]), _time_of(info)
        with files.open(name, "rb") as file:
            yield file, *state
        info = files.info(name)
        if (int(info["size"]), _time_of(info)) != state:
            raise LandingError(f"The archive {url} changed while it was read. The next run reads it again.")
    except (OnTheRecordError, Damaged):
        raise
    except Exception as error:
        raise _cannot_be_listed(url, error) from (error if _is_final(error) else _as_transient(error))


def _list_files(
    files: Any, root: str, has_folders: bool, passed_over: PassedOver | None, skip: int
) -> Iterator[dict[str, Any]]:
    """Yield fsspec's information on each file below a root."""
    if not has_folders:
        files.invalidate_cache()
        yield from files.find(root, detail=True).values()
        return
    folders = [root]
    while folders:
        folder = folders.pop()
        try:
            entries = files.ls(folder, detail=True)
        except Exception as error:
            if folder == root:
                raise
            if isinstance(error, FileNotFoundError):
                continue  # removed since its parent was listed
            if not _is_refused(error) or passed_over is None:
                raise
            passed_over.add_unlistable(folder.lstrip("/")[skip:])
            continue
        for info in entries:
            if info["type"] == "directory":
                if not str(info["name"]).rpartition("/")[2].startswith(TEMPORARY_PREFIXES):
                    folders.append(str(info["name"]))
            else:
                yield info


def _time_of(info: dict[str, Any]) -> int:
    """Return when a file was changed, in nanoseconds since 1970.

    Object stores report whole seconds. If there is an etag, its checksum replaces the fraction: an object
    that is replaced by one of the same size within a second gets another time.
    """
    changed = next(
        (info[key] for key in ("LastModified", "last_modified", "updated", "mtime") if info.get(key)), 0
    )
    if isinstance(changed, str):
        changed = datetime.fromisoformat(changed)
    if isinstance(changed, datetime):
        changed = (changed if changed.tzinfo else changed.replace(tzinfo=UTC)).timestamp()
    etag = next((info[key] for key in ("ETag", "etag", "md5Hash") if info.get(key)), None)
    if etag is None:
        return int(changed * 1_000_000_000)
    return int(changed) * 1_000_000_000 + zlib.crc32(str(etag).encode()) % 1_000_000_000


def _has_folders(url: LandingUrl) -> bool:
    """Say whether a URL has real folders, to be listed one by one, and files that are written in place."""
    return EXTRAS[url.scheme] == "sftp"


def _is_refused(error: BaseException) -> bool:
    return isinstance(error, PermissionError) or type(error).__name__ in _REFUSED


def _is_final(error: BaseException) -> bool:
    """Say whether a retry is useless."""
    return _is_refused(error) or isinstance(error, FileNotFoundError | ValueError)


def _cannot_be_listed(url: LandingUrl, error: BaseException) -> LandingError:
    reason = _describe(error)
    if _is_refused(error):
        return LandingError(
            f"{url} cannot be listed: access denied ({reason}). Credentials are taken from "
            f"{_CREDENTIALS[EXTRAS[url.scheme]]}."
        )
    if isinstance(error, FileNotFoundError):
        return LandingError(f"{url} does not exist ({reason}). Create it, or name another one.")
    return LandingError(
        f"{url} cannot be listed ({reason}). Nothing was changed. Check the address and that the store "
        "responds, then run it again."
    )


def _as_transient(error: BaseException) -> OSError:
    """Return an error as a transient one: the store did not respond, its objects may be fine."""
    if isinstance(error, OSError) and error.errno in TRANSIENT_ERRNOS:
        return error
    return OSError(errno.EHOSTUNREACH, _describe(error))


def _describe(error: BaseException) -> str:
    text = " ".join(redact(error).split()) or type(error).__name__
    return text if len(text) <= 200 else f"{text[:199]}…"
