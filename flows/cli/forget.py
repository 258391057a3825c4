"""The command that takes an article down: forget."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from ontherecord.flows.cli.options import Options, with_options
from ontherecord.flows.cli.tables import print_json, print_table
from ontherecord.flows.forget import Forgotten, list_tombstones, preview, undo
from ontherecord.flows.forget import forget as take_down
from ontherecord.flows.pipeline.terminal_runner import TerminalRunner
from ontherecord.flows.plural import counted
from ontherecord.flows.sanitize import sanitize
from ontherecord.flows.settings import Settings
from ontherecord.warehouse.errors import SettingsError
from ontherecord.warehouse.tombstones import Tombstone

_LISTED = 10


@with_options("home", "wait", "as_json")
def forget(
    options: Options,
    name: Annotated[
        str | None, typer.Argument(metavar="ARTICLE", help="Path, URL or article_id, as in `articles`.")
    ] = None,
    why: Annotated[str, typer.Option("--why", help="The reason, without text of the article.")] = "",
    yes: Annotated[
        bool, typer.Option("--yes", help="Take it down; without it, only show what would go.")
    ] = False,
    list_: Annotated[bool, typer.Option("--list", help="List what was taken down, and why.")] = False,
    undo_: Annotated[
        str | None,
        typer.Option("--undo", metavar="ID", help="Let an article in again, by the id of its tombstone."),
    ] = None,
) -> None:
    """Take an article down, wherever it is kept, and keep it out.

    With --yes, this removes its versions, quotes and names, copies with its words, extracts, kept files,
    exports, pages, and what Prefect shows of it. A tombstone of hashes keeps it out, under whatever name.
    The command names files in the landing folder and backups that still have the article: those are yours
    to change.

    Example: ontherecord forget world/treaty.txt --why "court order 7/26" --yes
    """
    settings = options.settings()
    if list_ or undo_ is not None:
        if name or (list_ and undo_ is not None):
            raise SettingsError("--list and --undo stand alone. Leave out the article and one of them.")
        if undo_ is not None:
            _undo(options, settings, undo_)
        else:
            _list(list_tombstones(settings), options.as_json)
        return
    if not name or not why.strip():
        raise SettingsError(
            "Name an article and the reason: ontherecord forget world/treaty.txt --why 'court order 7/26'. "
            "The reason is published, so it should not repeat the article."
        )
    if yes:
        with TerminalRunner() as runner:
            found = take_down(settings, runner, name, why.strip(), wait_seconds=options.wait)
    else:
        found = preview(settings, name, why.strip())
    if options.as_json:
        print_json(_as_dict(found, done=yes))
    else:
        _print(found, done=yes)


def _print(found: Forgotten, *, done: bool) -> None:
    doomed = found.doomed
    titles = {version.article_id: version for version in reversed(doomed.versions)}
    if not done:
        for version in list(titles.values())[:_LISTED]:
            print(f"{sanitize(version.source_path)}: {sanitize(version.title)}")
        if len(titles) > _LISTED:
            print(f"and {len(titles) - _LISTED:,} more copies")
    counts = sorted(found.counts.items(), key=lambda kind: -kind[1])
    print_table(("what goes" if not done else "what went", "number"), [(k, f"{n:,}") for k, n in counts])
    for line in still_there(found):
        print(sanitize(line))
    if done:
        print(
            f"Taken down: tombstone {found.tombstone.tombstone_id} keeps it out. `ontherecord forget --undo "
            f"{found.tombstone.tombstone_id}` lets it in again."
        )
    else:
        print("Nothing was changed. Add --yes to take it down.")


def still_there(found: Forgotten) -> list[str]:
    """Return what has the article and is not the pipeline's to change, a line each."""
    doomed, outside = found.doomed, found.outside
    single = sorted({d.source_path for d in doomed.deliveries if not d.file_path})
    lines = []
    if single:
        lines.append(f"Your landing folder may still have it: {_first(single)}. Runs keep it out.")
    if doomed.files:
        lines.append(
            f"{counted(len(doomed.files), 'file')} with many articles may still have it: "
            f"{_first(doomed.files)}. Runs keep it out."
        )
    if outside.backups:
        lines.append(
            f"{counted(len(outside.backups), 'backup')} may still have it: "
            f"{_first([copy.path for copy in outside.backups])}. `ontherecord restore` takes it down, if the "
            "file .tombstones.json stays next to the backup."
        )
    if outside.exported:
        lines.append(
            f"{counted(len(outside.exported), 'exported file')} may still have it: "
            f"{_first([copy.path for copy in outside.exported])}. Export them again."
        )
    if outside.aside:
        names = [path.name for path in outside.aside]
        lines.append(f"Damaged files that were moved aside may still have it: {_first(names)}. Delete them.")
    if doomed.near:
        lines.append(
            f"{counted(len(doomed.near), 'near duplicate')} stay: {_first(doomed.near)}. Forget them one by "
            "one if they should go too."
        )
    return lines


def _first(names: list[str] | tuple[str, ...]) -> str:
    more = f" and {len(names) - 3:,} more" if len(names) > 3 else ""
    return f"{', '.join(names[:3])}{more}"


def _list(stones: tuple[Tombstone, ...], as_json: bool) -> None:
    if as_json:
        print_json([_stone(stone) for stone in stones])
    elif not stones:
        print("Nothing was taken down.")
    else:
        print_table(
            ("tombstone", "taken down (UTC)", "why"),
            [(s.tombstone_id, f"{s.forgotten_at:%Y-%m-%d %H:%M}", sanitize(s.why)) for s in stones],
        )


def _undo(options: Options, settings: Settings, tombstone_id: str) -> None:
    with TerminalRunner() as runner:
        stone = undo(settings, runner, tombstone_id, wait_seconds=options.wait)
    if options.as_json:
        print_json(_stone(stone))
    else:
        print(f"Tombstone {stone.tombstone_id} is gone. The next ingest loads the article if it has landed.")


def _as_dict(found: Forgotten, *, done: bool) -> dict[str, Any]:
    doomed, outside = found.doomed, found.outside
    return {
        "done": done,
        "tombstone": _stone(found.tombstone),
        "counts": found.counts,
        "paths": doomed.paths if not done else [],
        "files_with_many": doomed.files,
        "backups": [asdict(copy) for copy in outside.backups],
        "exported": [asdict(copy) for copy in outside.exported],
        "moved_aside": [str(path) for path in outside.aside],
        "near_duplicates": list(doomed.near),
    }


def _stone(stone: Tombstone) -> dict[str, Any]:
    return {"tombstone": stone.tombstone_id, "forgotten_at": stone.forgotten_at, "why": stone.why}
