"""List the pinned packages with version, day of release and licence: docs/dependencies.csv.

    .ci/packages.py           write the list, after the pins have moved (`make requirements` does)
    .ci/packages.py --check   say what is wrong with it, without a network; exit 1 if anything is

Licences come from the metadata of the installed packages; .ci/licences.toml says which are accepted. Days
of release come from the index, as `uv lock` reads them: the day on which the first file of a version was
uploaded. Installed files cannot tell: they have the time of their installation. Without an index the days of
new versions stay empty.
"""

from __future__ import annotations

import csv
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from datetime import date
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
LIST = ROOT / "docs" / "dependencies.csv"
RUN, DEV = ROOT / "requirements.txt", ROOT / "requirements-dev.txt"
LICENCES = ROOT / ".ci" / "licences.toml"
SECONDS = 300
_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)([^\\\n]*)", re.MULTILINE)


@dataclass(frozen=True, slots=True, order=True)
class Package:
    """A pinned package. `used_by` is run or tests, `released` an ISO day, empty if it is not known."""

    package: str
    version: str
    used_by: str
    released: str
    licence: str


def pins(requirements: Path) -> set[tuple[str, str]]:
    """Return name and version of each pin; markers may pin several versions of one package."""
    return {(canonicalize_name(name), v) for name, v, _ in _PIN.findall(requirements.read_text())}


def read_list() -> list[Package]:
    """Return the packages of the list."""
    with LIST.open(encoding="utf-8", newline="") as file:
        return [Package(**row) for row in csv.DictReader(file)]


def licences() -> dict[str, Any]:
    """Return the table of licences: `accepted` and `written` by licence, `packages` by name."""
    return tomllib.loads(LICENCES.read_text("utf-8"))


def licence_of(metadata: Distribution, table: dict[str, Any]) -> str:
    """Return the licence of an installed package as an expression; empty if its metadata has none.

    Of several classifiers all count: they do not say whether one may choose.
    """
    if own := table["packages"].get(canonicalize_name(metadata.name)):
        return str(own["licence"])
    found = metadata.metadata
    if expression := found.get("License-Expression"):
        return str(expression)
    classifiers = [c.split(" :: ")[-1] for c in found.get_all("Classifier", []) if c.startswith("License ::")]
    named = [name for name in classifiers if name != "OSI Approved"] or [(found.get("License") or "").strip()]
    return " AND ".join(sorted({table["written"].get(name, name) for name in named}))


def is_accepted(expression: str, accepted: Iterable[str]) -> bool:
    """Say whether an SPDX expression can be met with the accepted licences."""
    known = {*accepted}
    while inner := re.search(r"\(([^()]*)\)", expression):
        verdict = "+" if is_accepted(inner[1], known) else "-"
        expression = expression[: inner.start()] + verdict + expression[inner.end() :]
    return any(
        all(part == "+" or part in known for part in choice.split(" AND "))
        for choice in expression.split(" OR ")
    )


def problems(packages: list[Package], today: date) -> list[str]:
    """Return what is wrong with the list: pins that it lacks, licences that nobody accepted, odd days."""
    listed, pinned, run = {(p.package, p.version) for p in packages}, pins(DEV), pins(RUN)
    table = licences()
    found = [f"{name} {version} is pinned and not listed" for name, version in sorted(pinned - listed)]
    found += [f"{name} {version} is listed and not pinned" for name, version in sorted(listed - pinned)]
    for p in packages:
        if p.used_by != ("run" if (p.package, p.version) in run else "tests"):
            found.append(f"{p.package} is not used by {p.used_by}")
        own = table["packages"].get(p.package)
        if own and own["licence"] != p.licence:
            found.append(f"{p.package}: the exception is for {own['licence']}, the package has {p.licence}")
        elif not own and not is_accepted(p.licence, table["accepted"]):
            found.append(
                f"{p.package}: licence {p.licence or 'unknown'} is not accepted in .ci/licences.toml"
            )
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", p.released) or p.released > today.isoformat():
            found.append(f"{p.package} {p.version}: day of release is {p.released or 'not known'}")
    return found


def old(packages: list[Package], today: date, years: int) -> list[Package]:
    """Return the packages whose pinned version is older than some years, the oldest first."""
    limit = f"{today.year - years:04}{today.isoformat()[4:]}"
    return sorted((p for p in packages if p.released and p.released < limit), key=lambda p: p.released)


def _released() -> dict[tuple[str, str], str]:
    """Return the day of release of each pin, as the index tells it; what it does not tell is left out."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "pyproject.toml"
        pinned = "".join(f"  '''{n}=={v}{marker}''',\n" for n, v, marker in _PIN.findall(DEV.read_text()))
        text = (ROOT / "pyproject.toml").read_text("utf-8")
        project.write_text(
            f"{text}\n[tool.uv]\npackage = false\nconstraint-dependencies = [\n{pinned}]\n", "utf-8"
        )
        uv = Path(sys.executable).with_name("uv")
        done = subprocess.run(
            [uv, "lock", "--no-progress", "--project", folder, "--python", sys.executable],
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        if done.returncode:
            print(f"days of release: {(done.stderr.strip().splitlines() or ['no answer'])[-1]}")
            return {}
        lock = tomllib.loads((Path(folder) / "uv.lock").read_text("utf-8"))
    days = {}
    for package in lock["package"]:
        files = [*package.get("wheels", ()), package.get("sdist", {})]
        if uploaded := [file["upload-time"] for file in files if "upload-time" in file]:
            days[canonicalize_name(package["name"]), package["version"]] = str(min(uploaded))[:10]
    return days


def _write() -> None:
    before = {(p.package, p.version): p for p in read_list()} if LIST.exists() else {}
    installed = {
        canonicalize_name(d.name): d for d in distributions()
    }  # of two pins, one is for other Pythons
    table, run, days = licences(), pins(RUN), _released()
    packages = []
    for name, version in sorted(pins(DEV)):
        known, metadata = before.get((name, version)), installed.get(name)
        own = table["packages"].get(name, {}).get("licence", "")
        licence = licence_of(metadata, table) if metadata else own or (known.licence if known else "")
        released = days.get((name, version)) or (known.released if known else "")
        used_by = "run" if (name, version) in run else "tests"
        packages.append(Package(name, version, used_by, released, licence))
    with LIST.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([field.name for field in fields(Package)])
        writer.writerows(astuple(package) for package in packages)


def main() -> None:
    """Write the list, or check it; exit 1 if something is wrong with it."""
    if "--check" not in sys.argv[1:]:
        _write()
    found = problems(read_list(), date.today())
    print("\n".join(found) or f"{len(read_list())} packages, all with an accepted licence")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
