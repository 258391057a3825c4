"""The command that says how to cite an archive: cite."""

from __future__ import annotations

import sys
from dataclasses import asdict

from ontherecord.flows.citation import bibtex, extractors, in_one_line, paragraph
from ontherecord.flows.cli.options import Options, with_options
from ontherecord.flows.cli.tables import print_json
from ontherecord.flows.sanitize import sanitize
from ontherecord.warehouse.about import read_about


@with_options("home", "as_json")
def cite(options: Options) -> None:
    """Describe what produced the archive, in prose and BibTeX.

    Example: ontherecord cite
    """
    about = read_about(options.settings().paths)
    if options.as_json:
        texts = {"line": in_one_line(about), "paragraph": paragraph(about), "bibtex": bibtex(about)}
        print_json({**texts, **asdict(about)})
        return
    print(sanitize(paragraph(about)))
    print()
    for line in bibtex(about).split("\n"):
        print(sanitize(line))
    if len(extractors(about)) > 1:
        print(
            "\nNot all articles were extracted by the same rules and model. `ontherecord reprocess` shows "
            "what those of this version find in the others; --apply loads it.",
            file=sys.stderr,
        )
