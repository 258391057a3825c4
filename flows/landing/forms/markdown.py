"""Markdown: its text without its signs."""

from __future__ import annotations

import re

from ontherecord.flows.landing.forms.deliver import join_wrapped
from ontherecord.flows.landing.forms.markup import is_markup, paragraphs_of

SUFFIXES = (".md", ".markdown", ".mdx", ".mkd", ".qmd")

_FENCE = re.compile(r"^(```|~~~).*?^\1\s*$", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->|\{%.{0,500}?%\}|\{:[^}\n]{0,200}\}", re.DOTALL)
# Hugo's `{{< figure … >}}` and `{{% notice %}}`; `[^1]`, the sign of a footnote; ` --- `, a typist's dash.
_SHORTCODE = re.compile(r"\{\{[<%].{0,500}?[>%]\}\}", re.DOTALL)
_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,40}\](?!:)")
_DASHES = re.compile(r"(\S[ \t])-{2,3}([ \t]\S)")
_IMAGE = re.compile(r"!\[[^\]]{0,500}\](?:\([^()]{0,2000}\)|\[[^\]]{0,200}\])")
_LINK = re.compile(r"\[([^\[\]]{1,1000})\](?:\((?:[^()]|\([^()]{0,500}\)){0,2000}\)|\[[^\[\]]{0,200}\])")
_DEFINITION = re.compile(r"^ {0,3}\[[^\]]{1,200}\]:\s+\S+.*$", re.MULTILINE)
_ADDRESS = re.compile(r"<((?:https?://|mailto:)?[^<>\s]+[@./][^<>\s]+)>")
_UNDERLINE = re.compile(r"^ {0,3}(?:={3,}|-{3,}|\*{3,}|_{3,})\s*$", re.MULTILINE)
_LEAD = re.compile(r"^ {0,3}(?:#{1,6}\s+|>\s?|[*+-]\s+)", re.MULTILINE)
_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,3}|_{1,3}|`{1,2})(?=\S)([^*_`\n]{1,500}?)(?<=\S)\1(?![\w*])")
# A paragraph of its own: a heading, a list's item.
_OWN = re.compile(r"^( {0,3}(?:#{1,6}|[*+-])\s+.*)$", re.MULTILINE)


def read_markdown(text: str) -> list[str]:
    """Return the paragraphs of Markdown as text; code, pictures and addresses of links are left out."""
    text = _OWN.sub(r"\n\1\n", _FENCE.sub("", text))
    for pattern, replacement in (
        (_SHORTCODE, ""),
        (_FOOTNOTE, ""),
        (_DASHES, r"\1—\2"),
        (_COMMENT, ""),
        (_IMAGE, ""),
        (_LINK, r"\1"),
        (_DEFINITION, ""),
        (_ADDRESS, r"\1"),
        (_UNDERLINE, "\n"),
        (_LEAD, ""),
        (_EMPHASIS, r"\2"),
    ):
        text = pattern.sub(replacement, text)
    if is_markup(text):
        text = "\n\n".join(paragraphs_of(text.replace("\n\n", "<p>")))
    return join_wrapped(text.split("\n"))
