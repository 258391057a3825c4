"""Tell which pinned packages have known holes. A report: it never fails, whatever it finds or cannot reach.

An advisory of last night is no fault of today's change, and a builder may have no network.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SECONDS = 300
# In an environment of its own, made on demand: its packages are nothing that the project needs.
AUDIT = ("tool", "run", "--from", "pip-audit==2.10.1", "pip-audit")
OPTIONS = ("--disable-pip", "--no-deps", "--progress-spinner", "off", "--format", "json", "--aliases", "on")


def main() -> None:
    """Ask, and print a line for each package that has a hole."""
    uv = str(Path(sys.executable).with_name("uv"))
    try:
        done = subprocess.run(
            [uv, *AUDIT, *OPTIONS, "--requirement", str(ROOT / "requirements-dev.txt")],
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        print(f"audit: no answer within {SECONDS} s")
        return
    except OSError as error:
        print(f"audit: could not be made: {error}")
        return
    try:
        print("\n".join(report(json.loads(done.stdout)["dependencies"])))
    except (ValueError, KeyError):
        said = done.stderr.strip().splitlines() or ["pip-audit said nothing"]
        print(f"audit: could not be made: {said[-1]}")


def report(packages: list[dict[str, Any]]) -> list[str]:
    """Return a line for each package that has a hole, and one on all of them."""
    asked = [p for p in packages if "skip_reason" not in p]
    if not asked:
        return [f"audit: no database of advisories could be asked about {len(packages)} packages"]
    lines = []
    for package in asked:
        for hole in package["vulns"]:
            fixed = ", ".join(hole["fix_versions"]) or "no version yet"
            lines.append(f"audit: {package['name']} {package['version']}: {hole['id']}, fixed in {fixed}")
    with_holes = sum(1 for p in asked if p["vulns"])
    skipped = f", {len(packages) - len(asked)} unknown there" if len(asked) < len(packages) else ""
    return [*lines, f"audit: {len(asked)} packages, {with_holes} with known holes{skipped}"]


if __name__ == "__main__":
    main()
