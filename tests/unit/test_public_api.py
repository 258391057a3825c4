"""The public API, as a notebook uses it, beside packages that have modules of our folders' names."""

from __future__ import annotations

import doctest
import inspect
import os
import subprocess
import sys
from pathlib import Path

import ontherecord

TEXT = 'The strait is closed.\n"We wait," said Rolf Hegnauer, its pilot. He added: "And we do not like it."'
NAMES = ("flows", "sql", "warehouse", "expectations")


def test_the_example_in_the_docstring_is_true() -> None:
    found = doctest.testmod(ontherecord)
    assert (found.attempted, found.failed) == (3, 0)


def test_extract_gives_records_whose_offsets_are_the_texts() -> None:
    found = ontherecord.extract(TEXT, title="Hegnauer waits")
    assert [(q.speaker, q.text) for q in found.quotes] == [
        ("Rolf Hegnauer", "We wait,"),
        ("Rolf Hegnauer", "And we do not like it."),
    ]
    assert all(TEXT[q.char_start : q.char_end] == q.text for q in found.quotes)
    assert {m.field for m in found.mentions} == {"title", "body"}
    assert ontherecord.extract(TEXT) != found
    assert ontherecord.extract("").quotes == ()


def test_every_function_is_typed_and_documented() -> None:
    for name in ontherecord.__all__:
        function = getattr(ontherecord, name)
        assert inspect.getdoc(function)
        signature = inspect.signature(function)
        assert "" not in (signature.return_annotation, *(p.annotation for p in signature.parameters.values()))


def test_modules_of_the_same_names_are_in_nobodys_way_and_nothing_is_printed(tmp_path: Path) -> None:
    """Jupysql installs a package `sql`, and every Prefect project has a `flows`."""
    for name in NAMES:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise ImportError('another project')")
    code = (
        f"import sys; before = set(sys.modules); import ontherecord; new = set(sys.modules) - before\n"
        f"assert not {{'spacy', 'duckdb', 'pydantic', 'numpy'}} & new, new\n"
        f"found = ontherecord.extract({TEXT!r})\n"
        f"assert found.quotes[0].speaker == 'Rolf Hegnauer'\n"
    )
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]),
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
