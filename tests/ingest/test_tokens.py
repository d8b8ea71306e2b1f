from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from ingest.tokens import LETTERS, PIECES, RULES, TABLE, WHOLE, Tokens, has_latin, write_latin

LONGEST = 512
NORWEGIAN = (
    "query: Når skal verneombudet involveres i § 9-2, «tidlig» – eller først i 2026?",
    "passage: Drøfting etter hovedavtalen • 50 % av 1 000 € … ½ µm ª",
    "",
)


@pytest.fixture(scope="module")
def whole(model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the real vocabulary alone."""
    folder = tmp_path_factory.mktemp("hel")
    shutil.copy(model_folder / WHOLE, folder)
    return folder


@pytest.fixture(scope="module")
def both(whole: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with the vocabulary of Latin letters beside it."""
    folder = tmp_path_factory.mktemp("begge")
    shutil.copy(whole / WHOLE, folder)
    write_latin(folder)
    assert has_latin(folder)
    return folder


def test_a_text_in_latin_letters_has_the_same_tokens_in_both(whole: Path, both: Path) -> None:
    draw = random.Random(7)
    letters = sorted(LETTERS)
    noise = ["".join(draw.choices(letters, k=40)) for _ in range(2_000)]
    expected = Tokens(whole, LONGEST).encode([*NORWEGIAN, *noise])
    assert Tokens(both, LONGEST).encode([*NORWEGIAN, *noise]) == expected


def test_a_text_in_other_letters_has_them_too(whole: Path, both: Path) -> None:
    texts = ["query: що таке verneombud?", "query: ما هو verneombud", "ﬁ → ☐"]
    assert Tokens(both, LONGEST).encode(texts) == Tokens(whole, LONGEST).encode(texts)


def test_the_vocabulary_of_latin_letters_is_smaller_and_cuts_at_the_same_place(
    whole: Path, both: Path
) -> None:
    assert (
        sum((both / name).stat().st_size for name in (RULES, PIECES, TABLE))
        < (both / WHOLE).stat().st_size / 4
    )
    (cut,), (expected,) = (Tokens(folder, 8).encode(["medbestemmelse " * 40]) for folder in (both, whole))
    assert cut == expected
    assert len(cut) == 8


def test_it_is_written_once_and_again_when_the_whole_one_changes(both: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kopi"
    shutil.copytree(both, folder)
    written = (folder / TABLE).stat().st_mtime_ns
    write_latin(folder)
    assert (folder / TABLE).stat().st_mtime_ns == written
    with (folder / WHOLE).open("a") as file:
        file.write("\n")
    assert not has_latin(folder)
    write_latin(folder)
    assert has_latin(folder)


@pytest.mark.parametrize("content", [b"", b"tull", b"PK\x03\x04tull"])
@pytest.mark.parametrize("name", [RULES, PIECES, TABLE])
def test_a_damaged_one_is_not_used(
    both: Path, whole: Path, tmp_path: Path, name: str, content: bytes
) -> None:
    folder = tmp_path / "kopi"
    shutil.copytree(both, folder)
    (folder / name).write_bytes(content)
    assert Tokens(folder, LONGEST).encode(NORWEGIAN) == Tokens(whole, LONGEST).encode(NORWEGIAN)


def test_a_vocabulary_of_another_kind_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / WHOLE).write_text('{"model": {"type": "WordPiece", "vocab": {"a": 0}}}')
    write_latin(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [WHOLE]
