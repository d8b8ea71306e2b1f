"""Numbers and places that are written as words."""

from __future__ import annotations

NUMERALS = {
    word: number
    for number, words in enumerate(
        ("en ein én", "to", "tre", "fire", "fem", "seks", "sju syv", "åtte", "ni", "ti"), start=1
    )
    for word in words.split()
}
"""Norwegian numbers by their words."""

ORDINALS = {
    word: place
    for place, words in enumerate(
        (
            "første fyrste first",
            "andre second",
            "tredje third",
            "fjerde fourth",
            "femte fifth",
            "sjette sixth",
            "sjuende syvende seventh",
            "åttende åttande eighth",
            "niende niande ninth",
            "tiende tiande tenth",
        )
    )
    for word in words.split()
} | dict.fromkeys("siste sist last".split(), -1)
"""Places by their words, from 0; -1 is the last."""
