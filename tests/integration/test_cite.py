"""Cite: what is published says what made it, without folders of this machine."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from pathlib import Path

import duckdb
from commands import carry_out
from runs import article, rows, run

from ontherecord.flows.extract import extractor
from ontherecord.flows.extract.version import RULES_VERSION, extractor_version
from ontherecord.flows.settings import Settings
from ontherecord.warehouse.about import read_about
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.schema_number import newest_migration

MODEL = Settings.model_fields["model"].default
CONFIDENCES = Path(extractor.__file__).parent / "data" / "confidence.txt"


def test_published_file_says_what_made_it(samples: Path) -> None:
    about = read_about(DataDir(samples))
    assert (about.version, about.schema_number) == (version("ontherecord"), newest_migration())
    assert [(about.run_id,)] == rows(samples, "select run_id from ops.runs")
    assert [(about.article_count, about.first_on, about.last_on)] == rows(
        samples, "select count(*), min(published_on), max(published_on) from articles"
    )
    assert [(about.quote_count,)] == rows(samples, "select count(*) from quotes where kind != 'act'")
    [method] = about.methods
    assert f"{method.rules_version}+{method.model}-{method.model_version}" == extractor_version(MODEL)
    assert (method.rules_version, method.model) == (RULES_VERSION, MODEL)
    assert method.confidence_sha256 == hashlib.sha256(CONFIDENCES.read_bytes()).hexdigest()
    assert (method.read_by, method.settings) == (about.version, "{}")
    assert method.article_count == about.article_count


def test_settings_that_shape_what_is_read_are_kept_and_folders_are_not(landing: Path, home: Path) -> None:
    (landing / "a.txt").write_text(article())
    suite = home.parent / "house-rules.json"
    suite.write_text('{"name": "house", "expectations": []}')
    run(landing, home, outlet="The Quelmar Post", date_first="day", validation_suite=suite, batch_size=7)
    (landing / "b.txt").write_text(article(title="Another pier"))
    run(landing, home)
    said = dict(rows(home, "select settings, article_count from mart.methods"))
    digest = hashlib.sha256(suite.read_bytes()).hexdigest()[:12]
    given = {
        "date_first": "day",
        "outlet": "The Quelmar Post",
        "validation_suite": f"house-rules.json {digest}",
    }
    assert {text: json.loads(text) for text in said} == {json.dumps(given, sort_keys=True): given, "{}": {}}
    assert list(said.values()) == [1, 1]
    told = str(rows(home, "from ops.warehouse")) + str(rows(home, "from mart.about"))
    assert str(home.parent) not in told + str(rows(home, "from mart.methods"))
    cited = carry_out("cite", home=home).stdout
    assert '1 article was read with the settings date_first = "day", outlet = "The Quelmar Post", ' in cited


def test_views_work_in_a_file_that_is_attached(samples: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{samples / 'warehouse.duckdb'}' as press (read_only)")
        assert connection.execute("select article_count from press.mart.about").fetchall() == (
            connection.execute("select sum(article_count) from press.mart.methods").fetchall()
        )


def test_cite_report_and_json_say_the_same(samples: Path) -> None:
    plain, facts = (
        carry_out("cite", home=samples),
        json.loads(carry_out("cite", "--json", home=samples).stdout),
    )
    assert plain.stderr == ""
    assert plain.stdout == f"{facts['paragraph']}\n\n{facts['bibtex']}\n"
    assert facts["line"].startswith(
        f"On the Record {version('ontherecord')}, rules {RULES_VERSION}, {MODEL} "
    )
    assert facts["line"] in (samples / "report.html").read_text("utf-8")


def test_nothing_published_says_what_to_do(home: Path) -> None:
    done = carry_out("cite", home=home)
    assert (done.returncode, done.stdout) == (1, "")
    assert "Nothing is published" in done.stderr
