"""Make the lists of first names that show a gender, from the data of the package nomquamgender.

    .venv/bin/pip download nomquamgender==0.1.4 --no-deps --dest /tmp/names
    .venv/bin/python bench/first_names.py /tmp/names/nomquamgender-0.1.4-py3-none-any.whl

The package has, for 721,739 names, in how many of 36 sources a name occurs, how many people they count, and
the estimated share of women among them (Van Buskirk, Clauset and Larremore 2023, "An open-source
cultural consensus approach to name-based gender classification"). Names of at least five sources and 100
people are kept, of which at least 95% are of one gender, without those that are mostly East Asian family
names, which come first.
"""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path

FEWEST_SOURCES = 5
FEWEST_PEOPLE = 100
CERTAIN = 0.95
FAMILY_NAMES = frozenset(("abe", "kwok"))
DATA = Path(__file__).resolve().parent.parent / "flows" / "extract" / "data" / "names"
NOTICE = """\
# First names of which at least 95% of the people counted are {whose}. Made by bench/first_names.py from the
# data of nomquamgender 0.1.4, which is under the MIT licence: see first_names.LICENSE.
"""


def main(wheel: Path) -> None:
    """Write both lists."""
    with zipfile.ZipFile(wheel) as archive:
        names = json.loads(archive.read("nomquamgender/name_data.json"))
        licence = archive.read("nomquamgender-0.1.4.dist-info/LICENSE").decode()
    (DATA / "first_names.LICENSE").write_text(licence, encoding="utf-8")
    women, men = [], []
    for name, (sources, people, share, *_) in sorted(names.items()):
        is_plain = len(name) > 1 and name.replace("-", "").isalpha() and name not in FAMILY_NAMES
        if is_plain and sources >= FEWEST_SOURCES and people >= FEWEST_PEOPLE:
            if share >= CERTAIN:
                women.append(name)
            elif share <= 1 - CERTAIN:
                men.append(name)
    for whose, found in (("women", women), ("men", men)):
        text = NOTICE.format(whose=whose) + "\n".join(found) + "\n"
        (DATA / f"first_names_of_{whose}.txt").write_text(text, encoding="utf-8")
        print(whose, len(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
