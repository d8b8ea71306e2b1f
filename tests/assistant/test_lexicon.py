"""What people write, and the words of the documents that it must lead to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.errors import ConfigurationError
from assistant.lexicon import DEFAULT, Lexicon, Normalised
from ingest.analysis import Analyzer
from ingest.lexical import LexicalIndex
from ingest.words import WordList

# As written > the word whose stem must be among the terms. Whole questions, so that language is detected.
NYNORSK = """
Kva pliktar har arbeidsgjevaren? > arbeidsgiver
Kva seier hovudavtala om drøfting? > hovedavtalen
Kven vel dei tillitsvalde? > tillitsvalgte
Korleis skal verneombodet involverast? > verneombud, involvere
Kva verksemder er omfatta? > virksomhet
Korleis sikrar me medverknad? > medvirkning
Kven tek avgjerda? > beslutning
Kva erfaringar har kommunane gjort? > erfaring, kommune
Kva røynsler finst? > erfaring
Kva rettar har dei tilsette? > rettigheter, ansatte
Korleis skal leiarane følgje opp? > ledere
Kva tenester gjeld det? > tjenester
Kva er føremålet med avtala? > formål, avtale
Kva føresetnader må vere på plass? > forutsetning
Kva løysingar er valde? > løsninger
Kor ofte skal arbeidsmiljøutvalet møtast? > arbeidsmiljøutvalget, møte
Kva oppgåver har prosjektleiaren? > oppgave, prosjektleder
Korleis vert tryggleiken teken vare på? > trygghet
Kva moglegheiter gjev ny teknologi? > mulighet
Kven er ansvarleg for opplæringa? > ansvarlig, opplæring
Korleis kan innbyggjarane medverke? > innbygger, medvirke
Kva står i rettleiaren om nyskaping? > veileder, innovasjon
Kven skal delta i høyringane? > høring
Kva krev kommunelova? > kommuneloven
Kva er meininga med møta? > mening, møte
Kor mange dagar fri får dei tilsette? > dager, ansatte
Kven skuldar nokon pengar? > skylder
Når skal lærarane tilsetjast? > tilsettes
Kva er skilnaden på eit tilbod og eit krav? > forskjellen, tilbud
Kven skal leggje fram forbodet? > forbud
Kva fortel toppleiinga? > forteller, toppledelsen
Kven hjelper oss utanfrå? > utenfra
Får vi meir att for systema enn vi hadde rekna med? > regnet
Kva tilrådingar kjem rapporten med? > anbefaling
Kva gjer vi ved vald og trugsmål? > vold
Kven er vald? > valgt
Kor lenge er dei vald for? > valgt
Kva for sjukeheimar var med? > sykehjem
Kva er føresetnadane? > forutsetning
"""

ENGLISH = """
When must the safety representative be involved? > verneombud, involvere
What is the role of the union representative? > tillitsvalgt
Who are the shop stewards? > tillitsvalgt
What must the employer discuss with the employees? > arbeidsgiver, drøfte, ansatte
How often does the steering committee meet? > styringsgruppe, møte
What is the purpose of the reference group? > formål, referansegruppe
What does the basic agreement say about consultation? > hovedavtalen, drøfting
What is benefit realisation? > gevinstrealisering
Who is the data protection officer? > personvernombud
Who sits in the working group? > sitter, arbeidsgruppe
What is on the checklist? > sjekkliste
What is the mayor responsible for? > ordfører, ansvar
What happens in the phase shape together? > forme, fase
How is trust built in tripartite cooperation? > tillit, trepartssamarbeid
What does the working environment act say about surveillance? > arbeidsmiljøloven, overvåking
Do temporary employees get training? > midlertidig, opplæring
What should a restructuring agreement contain? > omstillingsavtale
Are the municipalities obliged to inform the unions? > kommune, informere, fagforening
What is artificial intelligence? > kunstig, intelligens
Which laws apply to procurement? > anskaffelse, lov
main union representative duties > hovedtillitsvalgt, plikt
"""

ROUGH = """
naar skal verneombud involveres > verneombud
hva er droefting > drøfting
hva betyr drofting > drøfting
tilitsvalgtes rolle > tillitsvalgt
vernombudets ansvar > verneombud
hvordan får vi medvirkinng > medvirkning
hovedtilitsvalgt > hovedtillitsvalgt
hva er partsamarbeid > partssamarbeid
arbeidsmiljoutvalget > arbeidsmiljøutvalg
inføring av ny teknolgi > innføring, teknologi
omstilingsavtale punkter > omstillingsavtale
komunedirektøren > kommunedirektør
gevinstrealisernig > gevinstrealisering
perosnvern > personvern
styrigsgruppe møter > styringsgruppe
opplerning av ansate > ansatt
drøftningsplikt > drøfting
digitalsering > digitalisering
samarbied > samarbeid
ordfoereren > ordfører
kompetansse > kompetanse
sjekklsite > sjekkliste
nar skal styringsgruppa ha mote > møte
åssen blir klubblederen tatt med > tillitsvalgt
ka e drøfting > drøfting
kem bestemme over tjenestan > tjenester
kem bestemmer > beslutning
hvor tit møtes vi > møte
når må sjefen drøfte > leder
nye dingser på jobben > teknologi, arbeid
kurs for folk > opplæring, ansatte
rådmannens ansvar > kommunedirektør
fagforeningas rolle > arbeidstakerorganisasjon
"""

SHORT = """
Hva gjør HTV? > hovedtillitsvalgt
hvem er htv > hovedtillitsvalgt
Må PTV være med? > plasstillitsvalgt
HVO og AMU > hovedverneombud, arbeidsmiljøutvalg
Hva står i HA? > hovedavtalen
aml § 9-2 > arbeidsmiljøloven, 9-2
Når skal PVO inn? > personvernombud
Hva er KI? > kunstig, intelligens
"""

WORDS_OF_THE_CORPUS = """
drøfting drøftinger drøfte drøftes drøftingsplikt hovedavtalen kommuneloven arbeidsmiljøloven
arbeidsmiljøutvalget verneombud verneombudet hovedverneombud tillitsvalgt tillitsvalgte
hovedtillitsvalgte plasstillitsvalgte leder ledere arbeidsgiver ansatte medarbeidere virksomhet
virksomheter beslutning beslutninger erfaring erfaringer rettigheter rett plikt plikter involveres
involvering medvirkning medvirke trygghet tillit mulighet muligheter ansvarlig ansvar opplæring
kompetanse innbyggere innbygger tjenester tjenesten veileder innovasjon høring høringer anbefaling formål
forutsetning løsninger oppgaver oppgave prosjektleder møte møter møtes ofte styringsgruppe styringsgruppa
gruppe referansegruppe gevinst gevinstrealisering personvernombud personvern sjekkliste ordfører
ordføreren forme fase faser trepartssamarbeid partssamarbeid samarbeid overvåking midlertidig
omstillingsavtale omstilling avtale fagforening arbeidstakerorganisasjon kunstig intelligens anskaffelse
lov lover kommunedirektør kommunedirektøren kommune kommuner informere informasjon teknologi innføring
digitalisering digital arbeid arbeidsplass prosjekt rolle roller når hva
"""


@pytest.fixture(scope="module")
def lexicon(word_list: WordList, analyzer: Analyzer) -> Lexicon:
    vocabulary = WORDS_OF_THE_CORPUS.split()
    index = LexicalIndex.build([analyzer.terms(word) for word in vocabulary], [[word] for word in vocabulary])
    return Lexicon.open(analyzer, word_list, index)


def _leads(normalised: Normalised, wanted: str, analyzer: Analyzer) -> bool:
    return all(analyzer.stem(word) in normalised.terms for word in re.findall(r"[\w-]+", wanted))


@pytest.mark.parametrize(
    "pairs", [NYNORSK, ENGLISH, ROUGH, SHORT], ids=["nynorsk", "english", "rough", "short"]
)
def test_leads_to_the_words_of_the_documents(pairs: str, lexicon: Lexicon, analyzer: Analyzer) -> None:
    missed = []
    for pair in pairs.strip().splitlines():
        written, wanted = pair.split(" > ")
        if not _leads(lexicon.normalise(written), wanted, analyzer):
            missed.append((pair, lexicon.normalise(written)))
    assert not missed


@pytest.mark.parametrize(
    ("pairs", "language"), [(NYNORSK, "nn"), (ENGLISH, "en")], ids=["nynorsk", "english"]
)
def test_language_is_detected(pairs: str, language: str, lexicon: Lexicon) -> None:
    questions = [pair.split(" > ")[0] for pair in pairs.strip().splitlines()]
    assert [text for text in questions if lexicon.normalise(text).language != language] == []


@pytest.mark.parametrize(
    "question",
    [
        "Når skal verneombudet involveres?",
        "ansvar opplæring",
        "HVEM BESTEMMER",
        "aml § 9-2",
        "",
    ],
)
def test_bokmal_is_the_default_and_stays_as_written(question: str, lexicon: Lexicon) -> None:
    normalised = lexicon.normalise(question)
    assert normalised.language == "nb" and normalised.corrections == ()
    assert normalised.text.startswith(question.split(" § ")[0])


@pytest.mark.parametrize(("word", "language"), [("personal", "nb"), ("sent", "nb"), ("privacy rules", "en")])
def test_a_few_words_are_english_where_one_is_not_norwegian(
    word: str, language: str, lexicon: Lexicon
) -> None:
    assert lexicon.normalise(word).language == language


def test_a_feminine_ending_alone_is_no_nynorsk(lexicon: Lexicon) -> None:
    assert lexicon.normalise("hvem eier omstillinga?").language == "nb"


def test_text_reads_as_bokmal(lexicon: Lexicon) -> None:
    assert lexicon.normalise("Kven er ansvarleg for opplæringa?").text == "Hvem er ansvarlig for opplæringen?"
    assert lexicon.normalise("Korleis skal verneombodet involverast?").text == (
        "Hvordan skal verneombudet involveres?"
    )
    assert lexicon.normalise("Kven treng omstillingsavtala?").text == "Hvem trenger omstillingsavtalen?"
    assert lexicon.normalise("Kan eg bli straffa når det gjeld meiningar som setjast fram?").text == (
        "Kan jeg bli straffet når det gjelder meninger som settes fram?"
    )
    assert lexicon.normalise("Kven meiner at foreininga er viktigare, og bør haldast utanfor?").text == (
        "Hvem mener at foreningen er viktigere, og bør holdes utenfor?"
    )
    assert lexicon.normalise("How often must the steering group meet?").text == (
        "Hvor ofte må styringsgruppe møte?"
    )
    assert lexicon.normalise("Hva gjør HTV?").text == "Hva gjør HTV (hovedtillitsvalgt)?"


def test_a_word_that_breaks_off_is_completed(lexicon: Lexicon) -> None:
    assert lexicon.normalise("hvem sitter i styringsgr").text == "hvem sitter i styringsgruppe"
    assert lexicon.normalise("hva gjør hovedverneombu").text.startswith("hva gjør hovedverneombud")


def test_corrections_are_told(lexicon: Lexicon) -> None:
    told = lexicon.normalise("tilitsvalgtes rolle ved inføring etter inføring").corrections
    assert [written for written, _ in told] == ["tilitsvalgtes", "inføring"]
    assert lexicon.normalise("Kva pliktar har arbeidsgjevaren?").corrections == ()


@pytest.mark.parametrize(
    "question",
    [
        "Hva gjorde Kårstein Drøftinge?",
        "Gjelder AMX for kommunen?",
        "Hva sier § 3-1 og 1-4-1?",
        "Hva sier håndboka om kantiner?",
        "Hvor er moten i kommunen på vei, spør møtet",
        "Er nye mote med i avtalen?",
    ],
)
def test_names_numbers_capitals_and_sound_words_are_left(question: str, lexicon: Lexicon) -> None:
    normalised = lexicon.normalise(question)
    assert normalised.text == question and normalised.corrections == ()


def test_added_words_count_less_than_asked_ones(lexicon: Lexicon, analyzer: Analyzer) -> None:
    terms = lexicon.normalise("Når må sjefen drøfte med HTV?").terms
    assert terms[analyzer.stem("drøfte")] == 1.0
    assert 0 < terms[analyzer.stem("leder")] < terms[analyzer.stem("hovedtillitsvalgt")] < 1.0
    assert all(0 < weight <= 1 for weight in terms.values())


def test_parts_count_less_than_a_compound_that_is_indexed(lexicon: Lexicon, analyzer: Analyzer) -> None:
    terms = lexicon.normalise("omstillingsavtale").terms
    assert terms[analyzer.stem("omstillingsavtale")] == 1.0 > terms[analyzer.stem("avtale")]
    assert lexicon.normalise("opplæringsavtale").terms[analyzer.stem("avtale")] == 1.0


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ("Hva er minstelønnen for sykepleiere?", ("minstelønnen", "sykepleiere")),
        ("Hvor mange feriedager har ansatte?", ("feriedager",)),
        ("Hvem er ansvarlig for opplæring?", ()),
        ("Hva er opplæringsavtaler?", ()),
        ("Når må sjefen gi kurs?", ()),
        ("Kven er ansvarleg for skattelette?", ("skattelette",)),
        ("What is the minimum wage of nurses?", ("lønn", "sykepleier")),
    ],
)
def test_unknown_words_are_those_that_the_corpus_lacks(
    question: str, unknown: tuple[str, ...], lexicon: Lexicon
) -> None:
    assert set(unknown) <= set(lexicon.normalise(question).unknown)
    assert bool(unknown) == bool(lexicon.normalise(question).unknown)


def test_odd_input_is_answered(lexicon: Lexicon) -> None:
    for text in ["", "???", "§", "a" * 3000, "ø" * 50, "1 2 3", "ÆØÅ!", "hva 😀", "-", "æ'ø"]:
        assert lexicon.normalise(text).language in {"nb", "nn", "en"}


def test_own_list_is_used(tmp_path: Path, word_list: WordList, analyzer: Analyzer) -> None:
    path = tmp_path / "own.toml"
    text = DEFAULT.read_text("utf-8").replace("[synonyms]", '[synonyms]\n"knapphullsråd" = "verneombud"')
    path.write_text(text, "utf-8")
    index = LexicalIndex.build([analyzer.terms("verneombud")], [["verneombud"]])
    own = Lexicon.open(analyzer, word_list, index, path)
    assert analyzer.stem("verneombud") in own.normalise("Hvem sitter i knapphullsrådet?").terms


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("[synonyms]", "[synonyms"), "linje|line"),
        (("synonym = 0.45", "synonym = 45"), "synonym"),
        (("[dialect]", "[dialekter]"), "dialect"),
    ],
)
def test_a_broken_list_is_said_to_be(
    tmp_path: Path, word_list: WordList, analyzer: Analyzer, change: tuple[str, str], said: str
) -> None:
    path = tmp_path / "own.toml"
    path.write_text(DEFAULT.read_text("utf-8").replace(*change), "utf-8")
    with pytest.raises(ConfigurationError, match=said):
        Lexicon.open(analyzer, word_list, LexicalIndex.build([]), path)


def test_a_missing_list_is_said_to_be(tmp_path: Path, word_list: WordList, analyzer: Analyzer) -> None:
    with pytest.raises(ConfigurationError, match="kan ikke leses"):
        Lexicon.open(analyzer, word_list, LexicalIndex.build([]), tmp_path / "none.toml")
