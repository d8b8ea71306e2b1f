from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from ingest.stems import stemmer

WORDS = {
    "norwegian": [
        "verneombudene",
        "drøftingene",
        "omstillingsavtalen",
        "kommunens",
        "tillitsvalgtes",
        "rådene",
    ],
    "english": ["relational", "hopefulness", "agreements", "negotiations", "employees", "organizations"],
}


@pytest.fixture
def _threads_take_turns_all_the_time() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("_threads_take_turns_all_the_time")
@pytest.mark.parametrize("language", WORDS)
def test_threads_do_not_cut_each_others_words(language: str) -> None:
    stem, words = stemmer(language), WORDS[language] * 50
    expected = [stem(word) for word in words]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda start: [stem(word) for word in words[start:] + words[:start]], range(8)))
    assert found == [expected[start:] + expected[:start] for start in range(8)]


def test_words_of_one_kind_have_one_stem() -> None:
    stem = stemmer("norwegian")
    assert stem("kommuner") == stem("kommunene") == stem("kommunen")
