"""The report: its figures are the warehouse's, its pictures have words, and nothing in it can act."""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from commands import carry_out
from runs import article, rows, run

from ontherecord.flows.report.charts import who_speaks_on_whom
from ontherecord.flows.report.page import make_report
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import ReportError, WarehouseError

HEADLINE = '</title></svg><script>alert("title")</script>'
NAMES = {
    "Ida Brandt": "</text></svg><script>alert(1)</script>",
    "Peter Holm": "\" onload='alert(2)' x=\"",
    "Anna Lund": "<img src=https://evil.example/x.png> \u202egnp",
}
TALK = (
    "Harbour master Ida Brandt met the fisherman Peter Holm and the lawyer Anna Lund.\n"
    '"Peter Holm and Anna Lund are wrong," Ida Brandt said.\n'
    '"Ida Brandt and Anna Lund are right <script>alert(3)</script> ton," Peter Holm said.\n'
)
# fmt: off
WRITTEN = {
    "html", "head", "meta", "title", "style", "body", "header", "nav", "main", "section", "h1", "h2", "h3",
    "p", "a", "b", "time", "table", "thead", "tbody", "tr", "th", "td", "dl", "dt", "dd", "ol", "ul", "li",
    "div", "span", "code", "bdi", "cite", "figure", "figcaption", "details", "summary", "blockquote",
}
# fmt: on
VOID = {"meta", "img", "link", "base", "input", "br", "hr"}


class Page(HTMLParser):
    """A page as a browser takes it: its elements, and the text below each part."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.parts: dict[str, str] = {}
        self._open: list[tuple[str, str]] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        part = dict(attrs).get("id") or (self._open[-1][1] if self._open else "")
        if tag not in VOID:
            self._open.append((tag, part))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        opened, part = self._open.pop()
        assert opened == tag
        if tag in ("td", "th"):
            self.parts[part] += "|"

    def handle_data(self, data: str) -> None:
        part = self._open[-1][1] if self._open else ""
        self.parts[part] = self.parts.get(part, "") + data

    def part(self, name: str) -> str:
        return " ".join(self.parts[name].split())

    def cells(self, name: str) -> list[str]:
        """Return the cells of the table of a part; what stands before it is in the first."""
        return [cell.strip() for cell in self.part(name).split("|")]

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def report(home: Path) -> Page:
    return Page(make_report(DataDir(home)).read_text(encoding="utf-8"))


def on(day: date, **of_article: str) -> str:
    return article(date=f"{day:%A, %B %d, %Y} - 01:00", **of_article)


@pytest.fixture(scope="module")
def sample_page(samples: Path) -> Page:
    return report(samples)


@pytest.fixture(scope="module")
def hostile_page(tmp_path_factory: pytest.TempPathFactory) -> Page:
    folder = tmp_path_factory.mktemp("hostile")
    landing, home = folder / "landing", folder / "home"
    landing.mkdir()
    home.mkdir()
    for number in (17, 18):
        text = on(
            date(2015, 12, number),
            title=f"{HEADLINE} {number}",
            section="</svg><b onclick=alert(4)>" if number == 17 else "World",
            body=f"{TALK}This is number {number}.",
        )
        (landing / f'"onload=alert(5) {number} <i>.txt').write_text(text, encoding="utf-8")
    (landing / "<script>bad\u202e.txt").write_text(article(date="<script>alert(6)</script>\u202e"))
    lines = (f'{alias},"{name.replace(chr(34), chr(34) * 2)}",person\n' for alias, name in NAMES.items())
    (home / "aliases.csv").write_text("alias,name,kind\n" + "".join(lines), encoding="utf-8")
    run(landing, home)
    assert {name for (name,) in rows(home, "select speaker from mart.speakers")} < set(NAMES.values())
    return report(home)


def test_header_says_what_is_there(samples: Path, sample_page: Page) -> None:
    [(articles, first, last, quotes, acts)] = rows(
        samples,
        "select count(*), min(published_on), max(published_on), "
        "(select count(*) from quotes), (select count(*) from quotes where kind = 'act') from articles",
    )
    text = sample_page.part("")
    assert f"{articles:,} articles, from {first.day} {first:%B %Y} to {last.day} {last:%B %Y}" in text
    assert f"with {quotes:,} quotes, of which {acts} tell of speech without its words" in text
    assert sample_page.part("quarantined") == "What was quarantined No file is quarantined."
    [run_day] = rows(samples, "select started_at::date, loaded_count, quote_count from ops.runs")
    day, loaded, found = run_day
    assert sample_page.cells("came-in")[6:12] == [str(day), "1", str(loaded), "0", "0", str(found)]


def test_sections_are_counted_as_in_the_articles(samples: Path, sample_page: Page) -> None:
    found = rows(samples, "select section, count(*) as n from articles group by 1 order by n desc, section")
    legend = " ".join(f"{section} {count}" for section, count in found)
    assert legend in sample_page.part("sections")
    weeks = rows(
        samples,
        "select date_trunc('week', published_on)::date, count(*) filter (section = 'World') "
        "from articles group by 1 having count(*) filter (section = 'World') > 0 order by 1",
    )
    table = re.findall(r"<tr>\s*<td><bdi>(.*?)</bdi></td>\s*<td class=\"n\">(\d+)</td>", sample_page.html)
    assert table == [(f"{day:%-d %b %Y}", str(count)) for day, count in weeks]
    [(most,)] = rows(
        samples,
        "select max(n) from (select count(*) as n from articles group by date_trunc('week', published_on))",
    )
    [words, *_] = [svg["aria-label"] or "" for svg in sample_page.all("svg") if svg.get("aria-label")]
    assert "articles of each week" in words
    assert re.search(rf"Most: \d+ \w+ \d{{4}}, {most}\. ", words)


def test_each_height_of_few_articles_is_marked_once(landing: Path, home: Path) -> None:
    for day in (17, 17, 18):
        name = f"{len(list(landing.iterdir()))}.txt"
        text = on(date(2015, 12, day), title=f"Pier {name} opens", section="World" if day == 17 else "Local")
        (landing / name).write_text(text)
    run(landing, home)
    [wide, *_] = re.findall(r'<svg class="wide".*?</svg>|<svg[^>]* class="wide".*?</svg>', report(home).html)
    assert re.findall(r">(\d)</text>", wide) == ["0", "1", "2"]


def test_people_are_ranked_by_quotes_without_reprints(samples: Path, sample_page: Page) -> None:
    most = rows(
        samples,
        "select name, count(distinct (coalesce(cluster_id, article_id), text)) as n, "
        "count(distinct article_id) from quotes inner join quote_speakers as s using (article_id, quote_no) "
        "inner join entities on s.speaker_entity_id = entity_id inner join articles using (article_id) "
        "where entities.kind = 'person' and quotes.kind != 'act' "
        "group by name order by n desc, name limit 12",
    )
    text = sample_page.part("most-quoted")
    places = [text.index(f"{name} {n} quotes in {m} article{'s' if m > 1 else ''} ") for name, n, m in most]
    assert len(places) == 12
    assert places == sorted(places)


def test_who_speaks_on_whom_is_counted_inside_the_quotes(samples: Path, sample_page: Page) -> None:
    pairs = {
        (speaker, named): n
        for speaker, named, n in rows(
            samples,
            "select s.name, e.name, count(distinct (coalesce(cluster_id, a.article_id), q.text)) "
            "from quotes as q inner join articles as a using (article_id) "
            "inner join quote_speakers as w on w.article_id = q.article_id and w.quote_no = q.quote_no "
            "inner join entities as s on w.speaker_entity_id = s.entity_id "
            "inner join mentions as m on m.article_id = q.article_id and m.field = 'body' "
            "and m.char_start between q.char_start and q.char_end - 1 "
            "inner join entities as e on m.entity_id = e.entity_id "
            "where q.kind != 'act' and s.entity_id != e.entity_id "
            "and e.kind in ('person', 'organization') group by all",
        )
    }
    cells = sample_page.cells("speaks-on")[3:-1]
    shown = {(cells[i], cells[i + 1]): int(cells[i + 2]) for i in range(0, len(cells), 3)}
    assert shown.items() <= pairs.items()
    assert len(shown) > 10
    spoken: dict[str, int] = {}
    for (speaker, _), n in pairs.items():
        spoken[speaker] = spoken.get(speaker, 0) + n
    tenth = sorted(spoken.values(), reverse=True)[9]
    assert {s for s, n in spoken.items() if n > tenth} <= {speaker for speaker, _ in shown} <= {
        s for s, n in spoken.items() if n >= tenth
    }  # fmt: skip


def test_longest_quotation_and_newest_names(samples: Path, sample_page: Page) -> None:
    [(text, title)] = rows(
        samples,
        "select text, title from (select article_id, string_agg(q.text, ' ' order by quote_no) as text "
        "from quotes as q inner join entities on speaker_entity_id = entity_id and entities.kind = 'person' "
        "where q.kind = 'direct' group by article_id, utterance_no) inner join articles using (article_id) "
        "order by length(text) desc limit 1",
    )
    assert f"“{text}”" in sample_page.part("longest")
    assert f"{len(text.split())} words. {title}, " in sample_page.part("longest")
    new = rows(
        samples,
        "select entities.name, count(*) as n from mentions inner join entities using (entity_id) "
        "where entities.kind = 'person' and first_seen_on > (select max(published_on) from articles) - 7 "
        "group by entities.entity_id, entities.name order by n desc limit 3",
    )
    assert new
    for name, mentions in new:
        assert f"{name} {mentions} mention" in sample_page.part("new-names")


def test_reprints_are_the_clusters(samples: Path, sample_page: Page) -> None:
    [(stories, copies)] = rows(
        samples,
        "select count(distinct cluster_id), count(cluster_id) - count(distinct cluster_id) from articles",
    )
    assert (stories, copies) == (1, 1)
    [(title,)] = rows(
        samples, "select title from articles where cluster_id is not null order by published_at limit 1"
    )
    text = sample_page.part("reprints")
    assert "1 story came more than once, in 1 copy." in text
    assert title in text


def test_every_picture_has_its_words_and_its_table(sample_page: Page, hostile_page: Page) -> None:
    for page in (sample_page, hostile_page):
        pictures = [svg for svg in page.all("svg") if svg.get("aria-hidden") != "true"]
        assert [svg["class"] for svg in pictures] == ["wide", "narrow"] * 2
        assert all(svg["role"] == "img" and len(svg["aria-label"] or "") > 50 for svg in pictures)
        for part in ("sections", "speaks-on"):
            assert len(page.cells(part)) > 6
            assert "The same as a table" in page.part(part)
    assert len(sample_page.all("details")) == 2


def test_nothing_from_a_file_can_act(hostile_page: Page) -> None:
    shapes = {"svg", "g", "path", "line", "rect", "text"}
    assert {tag for tag, _ in hostile_page.elements} <= shapes | WRITTEN
    for tag, attributes in hostile_page.elements:
        for name, value in attributes.items():
            assert not name.startswith("on"), (tag, name)
            assert name not in ("src", "srcdoc", "action", "xlink:href", "srcset", "background"), (tag, name)
            if name == "href":
                assert re.fullmatch(r"#[a-z-]+", value or "")
            if name == "style":
                assert re.fullmatch(r"width: \d+\.\d%", value or "")
    assert len(hostile_page.all("style")) == 1
    # All of it is there, as text that is read and no more.
    for part, name in (
        ("longest", "<script>alert(3)</script> ton"),
        ("longest", '"onload=alert(5)'),
        ("reprints", HEADLINE),
        ("sections", "</svg><b onclick=alert(4)>"),
        ("quarantined", "<script>bad\\x202e.txt"),
        ("quarantined", "<script>alert(6)</script>"),
        *(("speaks-on", name.replace("\u202e", "\\x202e")) for name in NAMES.values()),
    ):
        assert name in hostile_page.part(part), part
    wrong = {c for c in hostile_page.html if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
    assert wrong == {"\n"}


def test_page_fetches_nothing_and_says_so(sample_page: Page) -> None:
    policies = [m["content"] for m in sample_page.all("meta") if m.get("http-equiv")]
    assert policies == [
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    ]
    assert re.findall(r"https?:|url\(|@import|//\w", sample_page.html) == []


def test_warehouse_without_an_article_gives_sentences(landing: Path, home: Path) -> None:
    with pytest.raises(WarehouseError, match="Nothing is published"):
        make_report(DataDir(home))
    (landing / "wrong.txt").write_text(article(date="soon"))
    run(landing, home)
    page = report(home)
    assert "No article is in the warehouse yet." in page.part("")
    assert "1 file waits in quarantine." in page.part("quarantined")
    assert "wrong.txt (soon)" in page.part("quarantined")
    assert page.all("svg") == []
    for part, sentence in {
        "sections": "There is no article to count.",
        "most-quoted": "No person is quoted by name.",
        "speaks-on": "No quote names another person or organization.",
        "longest": "No person is quoted in their own words.",
        "new-names": "The newest week brought no new person and no new organization.",
        "reprints": "No article is the copy of another.",
    }.items():
        assert page.part(part).endswith(sentence)


def test_one_article_gives_no_picture_of_one_bar(landing: Path, home: Path) -> None:
    (landing / "a.txt").write_text(article())
    (landing / "b.txt").write_text(article())
    run(landing, home)
    page = report(home)
    assert "1 article, all of 17 December 2015, with 1 quote." in page.part("")
    assert "All articles are of one section: World." in page.part("sections")
    assert "so every name in it is new" in page.part("new-names")
    assert "1 file was the same as a loaded one to the byte" in page.part("reprints")
    assert [svg for svg in page.all("svg") if svg.get("role") == "img"] == []


def test_bars_are_as_long_as_the_archive_needs(landing: Path, home: Path) -> None:
    first = date(2005, 1, 31)
    (landing / "first.txt").write_text(on(first, section="Local"))
    for days, unit in ((45, "day"), (46, "week"), (421, "month"), (4401, "year")):
        later = first + timedelta(days=days)
        (landing / "later.txt").write_text(on(later, title=f"Harbour closes again, {days}"))
        run(landing, home)
        page = report(home)
        assert f"Articles of each {unit}." in page.part("sections")
        assert page.cells("sections")[1:3] == ["Local", "World"]
        bars = re.findall(r'<path d="([^"]*)" fill="#(?:2f5d8a|b5543a)"', page.html)
        assert len(bars) == 4
        # Up from the ground, as wide as there is room for: no hairlines.
        assert all(float(re.findall(r"h(-?[\d.]+)v", bar)[0]) > 0.9 for bar in bars)


def test_an_article_dated_ahead_or_long_ago_takes_over_no_chart(landing: Path, home: Path) -> None:
    first = date(2015, 12, 1)
    for day in range(12):
        text = on(
            first + timedelta(days=day), title=f"Harbour, day {day}", section="Local" if day % 2 else "World"
        )
        (landing / f"{day}.txt").write_text(text.replace("Ida Brandt", f"Ida Brandt{'son' * (day > 9)}"))
    (landing / "ahead.txt").write_text(
        on(date.today() + timedelta(days=3), title="Harbour ahead").replace("Ida Brandt", "Rolf Hegnauer")
    )
    run(landing, home)
    page = report(home)
    assert "The week is the last of the archive, to 12 December 2015." in page.part("new-names")
    assert "Ida Brandtson" in page.part("new-names")
    assert "Rolf Hegnauer" not in page.part("new-names")
    assert "Articles of each day. 1 article far before or after all others is not drawn" in page.part(
        "sections"
    )


def test_name_of_a_person_and_of_an_organization_are_two_rows() -> None:
    pairs = [("Morgan", "person", 1), ("Morgan", "organization", 2), ("Lund", "person", 3)]
    picture = who_speaks_on_whom(
        [
            {
                "speaker_rank": place,
                "speaker": name,
                "speaker_kind": kind,
                "named_rank": 1 + place % 2,
                "named": ("Senate", "House")[place % 2],
                "named_kind": "organization",
                "quotes": place,
            }
            for name, kind, place in pairs
        ]
    )
    assert picture
    assert {row[0] for row in picture.rows} == {"Morgan (person)", "Morgan (organization)", "Lund"}
    assert ">Morgan (person)</text>" in picture.wide


def test_page_that_cannot_be_written_leaves_the_old_one(landing: Path, home: Path, tmp_path: Path) -> None:
    (landing / "a.txt").write_text(article())
    run(landing, home)
    taken = tmp_path / "taken.html"
    taken.mkdir()
    for out in (tmp_path / "nowhere" / "week.html", taken):
        with pytest.raises(ReportError, match="--out"):
            make_report(DataDir(home), out)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "landing", "taken.html"]


def test_command_makes_the_page_and_says_where(samples: Path, tmp_path: Path) -> None:
    out = tmp_path / "week.html"
    made = carry_out("report", "--out", out, "--json", home=samples)
    assert json.loads(made.stdout) == {"report": str(out), "bytes": out.stat().st_size}
    assert out.read_text().startswith("<!DOCTYPE html>\n<html")
    made = carry_out("report", home=samples)
    assert made.stdout.startswith(f"Wrote {samples / 'report.html'} (")
