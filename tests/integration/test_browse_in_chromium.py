"""The pages in a real browser: on a phone and a desktop, by keyboard, in the dark; nothing fails."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from runs import rows
from served import served

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no browser is here to open the pages in"),
]
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}

# Texts whose contrast with what lies behind them is below 4.5 (WCAG 2.2, by relative luminance of sRGB).
LOW_CONTRAST = """
() => {
  const parse = c => { const [r, g, b, a] = c.match(/[\\d.]+/g).map(Number); return [r, g, b, a ?? 1]; };
  const over = (f, b) => [0, 1, 2].map(i => f[i] * f[3] + b[i] * (1 - f[3])).concat(1);
  const behind = e => { if (!e) return [255, 255, 255, 1];
    const own = parse(getComputedStyle(e).backgroundColor);
    return own[3] === 1 ? own : over(own, behind(e.parentElement)); };
  const linear = v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const light = c => { const [r, g, b] = c.map(v => linear(v / 255));
    return .2126 * r + .7152 * g + .0722 * b; };
  const low = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !e.getClientRects().length) continue;
    const back = behind(e), front = over(parse(getComputedStyle(e).color), back);
    const [a, b] = [light(back), light(front)].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05);
    if (ratio < 4.5) low.push([walker.currentNode.data.trim().slice(0, 40), ratio.toFixed(2)]);
  }
  return low;
}
"""
# What has the focus, and whether a reader sees that.
FOCUSED = """
() => {
  const e = document.activeElement, style = getComputedStyle(e);
  return { tag: e.tagName, text: (e.textContent || e.name || '').trim().slice(0, 30), id: e.id,
           outline: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
           seen: e.getBoundingClientRect().left >= 0 };
}
"""


@pytest.fixture(scope="module")
def article_id(archive: Path) -> int:
    [(found,)] = rows(archive, "select article_id from articles where title ilike 'first tram leaves%'")
    return int(found)


@pytest.fixture(scope="module")
def addresses(archive: Path, article_id: int) -> list[str]:
    [(entity_id,)] = rows(archive, "select entity_id from mart.speakers order by quote_count desc limit 1")
    [(with_act,)] = rows(archive, "select min(article_id) from quotes where kind = 'act'")
    return [
        "/",
        "/articles?q=goat",
        "/quotes?section=World",
        "/speakers",
        f"/name/{entity_id}",
        f"/article/{article_id}",
        f"/article/{with_act}",
    ]


@pytest.fixture(scope="module")
def base(archive: Path) -> Iterator[str]:
    with served(archive) as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Any, base: str) -> Iterator[Any]:
    """Give a page on a desktop; the test fails if anything goes wrong in it or is asked of another site."""
    opened = chromium.new_page(viewport=DESKTOP, base_url=base)
    troubles: list[str] = []
    opened.on("console", lambda message: troubles.append(message.text))
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    opened.on("request", lambda r: None if r.url.startswith((base, "data:")) else troubles.append(r.url))
    yield opened
    opened.close()
    assert troubles == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_pages_fit_the_screen_and_can_be_read(
    page: Any, addresses: list[str], viewport: dict[str, int], scheme: str
) -> None:
    page.set_viewport_size(viewport)
    page.emulate_media(color_scheme=scheme)
    for address in addresses:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], address
        assert page.evaluate(LOW_CONTRAST) == [], address
        broken = "[...document.querySelectorAll('.legend mark')].filter(m => m.getClientRects().length > 1)"
        assert page.evaluate(f"{broken}.map(m => m.textContent)") == [], address
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert paper == ("rgb(23, 24, 26)" if scheme == "dark" else "rgb(253, 252, 249)")


def test_every_field_has_a_label_and_headings_are_in_order(page: Any, addresses: list[str]) -> None:
    for address in addresses:
        page.goto(address)
        assert page.evaluate(
            "[...document.querySelectorAll('input:not([type=hidden])')].every(i => i.labels.length)"
        )
        levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3')].map(h => +h.tagName[1])")
        assert levels.count(1) == 1, address
        assert [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1] == [], address
        assert page.title().endswith(" · On the Record")
        assert page.locator("main").count() == 1


def test_keyboard_reaches_everything_and_sees_where_it_is(page: Any, addresses: list[str]) -> None:
    for address in addresses:
        page.goto(address)
        reached = []
        for _ in range(12):
            page.keyboard.press("Tab")
            reached.append(page.evaluate(FOCUSED))
        assert [r for r in reached if not (r["outline"] and r["seen"])] == [], address
        assert [r["text"] for r in reached[:5]] == [
            "Skip to the content", "On the Record", "Articles", "Quotes", "Speakers"
        ]  # fmt: skip


def test_skip_link_leads_past_the_head(page: Any, article_id: int) -> None:
    page.goto(f"/article/{article_id}")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUSED)["id"] == "main"
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)["text"] == "Marsalin"


def test_reader_searches_narrows_opens_an_article_and_goes_on_to_a_speaker(page: Any) -> None:
    page.goto("/")
    page.get_by_label("Search").fill("tram")
    page.keyboard.press("Enter")
    page.wait_for_url("**/articles?q=tram")
    page.get_by_role("link", name="Local", exact=True).click()
    page.wait_for_url("**section=Local*")
    page.get_by_role("link", name="First tram leaves on time, to general surprise").click()
    quote = page.get_by_role("link", name=re.compile("^Quote 2, direct, Leila Sarrouf$"))
    quote.click()
    page.wait_for_url("**#quote-1")
    page.locator(".note").get_by_role("link", name="Leila Sarrouf").first.click()
    page.wait_for_url("**/name/*")
    assert page.locator("h1").inner_text() == "Leila Sarrouf"
    page.get_by_role("link", name=re.compile("^All .* quotes.*with filters")).click()
    page.get_by_role("link", name="indirect").click()
    page.wait_for_url("**kind=indirect*")
    page.get_by_role("link", name="Remove: speaker Leila Sarrouf").click()
    page.wait_for_url("**/quotes?kind=indirect")
    page.get_by_label("Speaker", exact=True).fill("officials")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url("**by=officials&kind=indirect")


def test_buttons_beside_the_search_ask_for_other_lists(page: Any) -> None:
    for name in ("Quotes", "Speakers"):
        page.goto("/")
        page.get_by_label("Search").fill("sarrouf")
        page.get_by_role("button", name=name).click()
        page.wait_for_url(f"**/{name.lower()}?q=sarrouf")


def test_kinds_differ_without_colour_and_notes_stand_beside_or_below(page: Any, article_id: int) -> None:
    page.goto(f"/article/{article_id}")
    lines = page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('main mark')]"
        ".map(mark => [mark.className, getComputedStyle(mark).borderBottomStyle]))"
    )
    assert lines == {"direct": "solid", "mixed": "dashed", "indirect": "dotted"}
    words, note = page.locator("#in-1").bounding_box(), page.locator(".note:has(#quote-1)").bounding_box()
    assert note["x"] > words["x"] + 300
    assert abs(note["y"] - words["y"]) < 30
    page.set_viewport_size(PHONE)
    words, note = page.locator("#in-1").bounding_box(), page.locator(".note:has(#quote-1)").bounding_box()
    assert note["x"] < 40
    assert note["y"] > words["y"]
