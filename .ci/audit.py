"""Tell which pinned packages have known holes, which were not asked about, and which are old.

Exit 0 if every package was asked about and none has a known hole, 1 if one has, 2 if an advisory database
could not be asked about all of them: what was not checked is not known to be good. Age changes no result.
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import packages

SECONDS = 300
# In an environment of its own, made on demand: its packages are nothing that the project needs.
AUDIT = ("tool", "run", "--from", "pip-audit==2.10.1", "pip-audit")
OPTIONS = ("--disable-pip", "--no-deps", "--progress-spinner", "off", "--format", "json", "--aliases", "on")


OLD_YEARS = 3
SHOWN = 5
CLEAN, HOLES, NOT_ASKED = 0, 1, 2


def main() -> None:
    """Ask, print what is known, and exit with the result."""
    lines, result = ask()
    print("\n".join((*lines, *ages(packages.read_list(), date.today()))))
    sys.exit(result)


def ask() -> tuple[list[str], int]:
    """Ask about the pinned packages; return what to tell, and the exit code."""
    uv = str(Path(sys.executable).with_name("uv"))
    try:
        done = subprocess.run(
            [uv, *AUDIT, *OPTIONS, "--requirement", str(packages.DEV)],
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return not_asked(f"no answer within {SECONDS} s")
    except OSError as error:
        return not_asked(str(error))
    return read_answer(done.stdout, done.stderr)


def read_answer(stdout: str, stderr: str) -> tuple[list[str], int]:
    """Return what to tell of what pip-audit wrote."""
    try:
        found = json.loads(stdout)["dependencies"]
    except (ValueError, KeyError):
        return not_asked((stderr.strip().splitlines() or ["pip-audit said nothing"])[-1])
    return report(found)


def not_asked(why: str) -> tuple[list[str], int]:
    """Return what to tell if nothing was asked."""
    pinned = len(packages.pins(packages.DEV))
    line = f"audit: NOT CHECKED: none of {pinned} packages, as no advisory database answered: {why}"
    return [line], NOT_ASKED


def report(found: list[dict[str, Any]]) -> tuple[list[str], int]:
    """Return a line for each known hole, one on all packages, and one on those that were not asked about."""
    asked = [p for p in found if "skip_reason" not in p]
    if not asked:
        return not_asked(f"it knows none of the {len(found)} that were named")
    lines = []
    for package in asked:
        for hole in package["vulns"]:
            fixed = ", ".join(hole["fix_versions"]) or "no version yet"
            lines.append(f"audit: {package['name']} {package['version']}: {hole['id']}, fixed in {fixed}")
    with_holes = sum(1 for p in asked if p["vulns"])
    others = len(packages.pins(packages.DEV)) - len(found)
    elsewhere = f"; {others} pins for other systems and Pythons were not asked about" if others > 0 else ""
    lines.append(f"audit: {len(asked)} packages asked about, {with_holes} with known holes{elsewhere}")
    missing = sorted({str(p["name"]) for p in found if "skip_reason" in p})
    if missing:
        lines.append(f"audit: NOT CHECKED: {len(missing)} that no database knows: {_some(missing)}")
    return lines, HOLES if with_holes else NOT_ASKED if missing else CLEAN


def ages(listed: list[packages.Package], today: date) -> list[str]:
    """Return a line on the pinned versions that are old: nobody may mend them any more."""
    aged = packages.old(listed, today, OLD_YEARS)
    if not aged:
        return []
    some = _some([f"{p.package} {p.version} ({p.released})" for p in aged])
    return [f"audit: {len(aged)} of {len(listed)} pins are older than {OLD_YEARS} years: {some}"]


def _some(names: list[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


if __name__ == "__main__":
    main()
