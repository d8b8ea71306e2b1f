"""From what people write to the words of the documents.

Nynorsk, English, dialect, abbreviations, everyday words and misspellings are brought to bokmål by a list
that its owner edits (lexicon.toml), by suffix rules and by the words of the corpus itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from assistant.contract import Language
from assistant.expansion import Expander, Piece
from assistant.phrases import LONGEST, Entry, Lists, Table, read
from assistant.wordform import Mender
from ingest.analysis import Analyzer
from ingest.lexical import LexicalIndex
from ingest.stems import stemmer
from ingest.words import WordList

DEFAULT = Path(__file__).with_name("lexicon.toml")

_WORD = re.compile(r"\d+(?:[-.]\d+)+|[^\W_]+(?:[-'’][^\W_]+)*")
_SENTENCE_ENDS = '.!?:«»"\n'
_OWN_WORD = 3.6
"""Zipf frequency from which small letters are a word of their own and no abbreviation (`tv`, `ha`)."""
_NYNORSK_END = re.compile(r"..(?:ast|arane|arar|lege?|heiter?|leik(?:en)?)$")
_RARE = 2.5
"""Zipf frequency (of bokmål texts) under which a word may speak for nynorsk by its ending."""
_MOST_MENDED = 60
"""Words at the start of a question that are looked up for spelling; a longer text is no question."""
_ENGLISH_SHARE = 0.25
"""Least share of English function words in an English question."""


@dataclass(frozen=True, slots=True)
class Normalised:
    """A question in the words of the documents."""

    text: str
    """In bokmål, spelling mended, abbreviations with their full form in brackets: for embedding."""
    terms: Mapping[str, float]
    """Index terms with weights: 1 for what was asked, less for what was added."""
    unknown: tuple[str, ...]
    """Content words that the corpus knows neither whole, nor in parts, nor by another word."""
    corrections: tuple[tuple[str, str], ...]
    """(as written, as understood) of misspelt words, each once."""
    language: Language


@dataclass(frozen=True, slots=True)
class _Word:
    """One word of the question. `fixed` words (names, abbreviations, numbers) are never mended."""

    text: str
    lower: str
    start: int
    end: int
    fixed: bool


class Lexicon:
    """Knows what the words of a question mean in this corpus."""

    def __init__(self, lists: Lists, analyzer: Analyzer, words: WordList, index: LexicalIndex) -> None:
        self._lists = lists
        self._analyzer = analyzer
        self._words = words
        self._index = index
        self._mender = Mender(analyzer, words, index, lists.nynorsk_parts)
        english: Table = Table(lists.english, lru_cache(1 << 12)(stemmer("english")))
        replace = {**lists.nynorsk, **lists.dialect}
        self._replace: dict[Language, tuple[Table, ...]] = {
            "nb": (Table(replace),),
            "nn": (Table({**replace, **lists.nynorsk_only}),),
            "en": (english, Table(replace)),
        }
        self._expander = Expander(lists, analyzer, words, index)

    @classmethod
    def open(
        cls, analyzer: Analyzer, words: WordList, index: LexicalIndex, path: Path | None = None
    ) -> Lexicon:
        """Read the word list at `path`, or the one that comes with the program.

        Raises:
            ConfigurationError: the list cannot be read or breaks its own rules.
        """
        return cls(read(path or DEFAULT), analyzer, words, index)

    def normalise(self, question: str) -> Normalised:
        """Return `question` in the words of the documents."""
        words = _words(question)
        language = self._language(words)
        pieces = self._pieces(words, language, bare=self._is_bare(words, language == "nn"))
        text = _joined(question, pieces)
        terms, unknown = self._expander.expand(pieces)
        return Normalised(
            text=text,
            terms=terms,
            unknown=unknown,
            corrections=tuple(dict.fromkeys(piece.correction for piece in pieces if piece.correction)),
            language=language,
        )

    def terms(self, text: str) -> frozenset[str]:
        """Return the index terms of a text as it stands."""
        return frozenset(self._analyzer.terms(text))

    def _language(self, words: Sequence[_Word]) -> Language:
        """Count function words; bokmål where nothing speaks for another."""
        counts = {
            language: sum(word.lower in listed for word in words)
            for language, listed in self._lists.language.items()
        }
        counts["nn"] += sum(map(self._is_nynorsk, words))
        norwegian = counts["nb"] + counts["norsk"] + counts["nn"]
        enough = counts["en"] > norwegian and counts["en"] >= _ENGLISH_SHARE * len(words)
        if enough or (counts["en"] >= norwegian and self._reads_english(words)):
            return "en"
        return "nn" if counts["nn"] > counts["nb"] else "nb"

    def _is_bare(self, words: Sequence[_Word], nynorsk: bool) -> bool:
        """Tell whether a question is written without æ, ø and å: it has none, and a word lacks one."""
        plain = (word.lower for word in words[:_MOST_MENDED] if not word.fixed)
        none = not any(re.search("[æøå]", word.lower) for word in words)
        return none and any(self._mender.is_bare(word, nynorsk) for word in plain)

    def _is_nynorsk(self, word: _Word) -> bool:
        """Tell whether a content word is of the nynorsk list, or ends as only nynorsk words do."""
        text = word.lower
        if word.fixed or text in self._lists.language["nn"] or self._words.zipf(text) >= _RARE:
            return False
        # A feminine in -a (omstillinga) is bokmål too.
        listed = text in self._lists.nynorsk and not text.endswith("a")
        return listed or bool(_NYNORSK_END.search(text))

    def _reads_english(self, words: Sequence[_Word]) -> bool:
        """Tell whether most words are English ones of the list, and none of the corpus.

        Words that Norwegian has too («personal», «sent») tell nothing alone.
        """
        english, small = self._replace["en"][0], self._lists.english_stopwords
        plain = [word.lower for word in words if not word.fixed]
        foreign = position = only = 0
        while position < len(plain):
            word, entry = plain[position], english.find(plain[position : position + LONGEST])
            length = entry.length if entry else 1
            if length > 1 or (word not in self._index.surfaces and (entry or word in small)):
                foreign += length
                only += length > 1 or word in small or word not in self._words
            position += length
        return 2 * foreign > len(plain) and only > 0

    def _pieces(self, words: Sequence[_Word], language: Language, bare: bool) -> list[Piece]:
        pieces: list[Piece] = []
        position = 0
        while position < len(words):
            rest = words[position : position + LONGEST]
            entry = self._entry(rest, language)
            if entry:
                pieces.append(self._replaced(rest, entry, language))
                position += entry.length
            else:
                pieces.append(self._understood(words[position], language, bare, mend=position < _MOST_MENDED))
                position += 1
        return pieces

    def _entry(self, words: Sequence[_Word], language: Language) -> Entry | None:
        """Return the longest entry of the replacing lists that the words begin with."""
        lower = [word.lower for word in words]
        found = (table.find(lower) for table in self._replace[language])
        entry = max((entry for entry in found if entry), key=lambda entry: entry.length, default=None)
        return None if entry and entry.length == 1 and self._abbreviation(words[0]) else entry

    def _replaced(self, words: Sequence[_Word], entry: Entry, language: Language) -> Piece:
        first, last = words[0], words[entry.length - 1]
        weight = self._lists.weights["alternative"]
        others = [(other, weight) for other in entry.answers[1:]]
        if language != "en" and any(map(self._expander.says, self._analyzer.tokens(entry.answers[0]))):
            others += [(word.lower, self._lists.weights["written"]) for word in words[: entry.length]]
        return Piece(first.start, last.end, _cased(entry.answers[0], first), tuple(others))

    def _understood(self, word: _Word, language: Language, bare: bool, mend: bool) -> Piece:
        """Read one word that no replacing list has."""
        full = self._abbreviation(word)
        if full:
            weight = self._lists.weights["abbreviation"]
            others = tuple((other, weight) for other in full)
            return Piece(word.start, word.end, f"{word.text} ({full[0]})", others)
        if language == "en" and word.lower in self._lists.english_stopwords:
            return Piece(word.start, word.end, "")
        form = None if word.fixed or not mend else self._mender.mend(word.lower, language == "nn", bare)
        if form is None or form.text == word.lower:
            return Piece(word.start, word.end, word.text, foreign=language == "en" and not word.fixed)
        correction = (word.text, form.text) if form.misspelt and language != "en" else None
        return Piece(word.start, word.end, _cased(form.text, word), correction=correction)

    def _abbreviation(self, word: _Word) -> tuple[str, ...]:
        """Return what `word` is short for; in small letters only where it is no word itself."""
        full = self._lists.abbreviations.get(word.lower, ())
        small = word.lower
        if full and not word.text.isupper():
            common = self._analyzer.is_stopword(small) or self._words.zipf(small) >= _OWN_WORD
            return () if common else full
        return full


def _words(question: str) -> list[_Word]:
    """Return the words of the question with their places; what looks like a name is fixed."""
    shouting = question.isupper()
    words: list[_Word] = []
    for match in _WORD.finditer(question):
        text = match.group()
        before = question[: match.start()].rstrip(" \t")
        named = text[0].isupper() and bool(before) and before[-1] not in _SENTENCE_ENDS
        fixed = not shouting and (named or (text.isupper() and len(text) > 1))
        words.append(
            _Word(
                text, text.lower().replace("’", "'"), match.start(), match.end(), fixed or text[0].isdigit()
            )
        )
    return words


def _cased(text: str, word: _Word) -> str:
    """Return `text` with a capital where the word that it stands for has one."""
    return text[:1].upper() + text[1:] if word.text[0].isupper() else text


def _joined(question: str, pieces: Sequence[Piece]) -> str:
    """Put the pieces in the place of the words they stand for."""
    text, position = "", 0
    for piece in pieces:
        text += question[position : piece.start] + piece.text
        position = piece.end
    text += question[position:]
    return re.sub(r"\s+(?=[?.!,;:])", "", " ".join(text.split()))
