"""Norwegian analysis on the real word file: families that must meet, compounds that must come apart."""

from __future__ import annotations

import pytest

from ingest.analysis import Analyzer
from ingest.words import WordList

# Compound = its parts; a word alone is one word to its readers. Municipal working life and digitalisation.
GOLD = """
drøftingsplikt=drøfting+plikt medbestemmelse=med+bestemmelse hovedtillitsvalgt=hoved+tillitsvalgt
verneombud=verne+ombud omstillingsavtale=omstilling+avtale partssamarbeid=part+samarbeid
arbeidsmiljøutvalg=arbeidsmiljø+utvalg gevinstrealisering=gevinst+realisering
plasstillitsvalgte=plass+tillitsvalgte trepartssamarbeid=trepart+samarbeid styringsgruppe=styring+gruppe
kommunedirektøren=kommune+direktøren hovedavtalen=hoved+avtalen tillitsvalgtordningen=tillitsvalgt+ordningen
innbyggertjenester=innbygger+tjenester drøftingsmøtene=drøfting+møtene fylkeskommunale=fylke+kommunale
forhandlingssammenslutning=forhandling+sammenslutning lønnsforhandlinger=lønn+forhandlinger
sykefraværsoppfølging=sykefravær+oppfølging personvernombud=personvern+ombud medråderett=med+råderett
digitaliseringsstrategi=digitalisering+strategi arbeidsgiver medvirkning kunnskap ansatte oversikt bestemmelse
arbeidsgjevar tillitsvalde verneombudene=verne+ombudene
opplæringsplan=opplæring+plan risikovurdering=risiko+vurdering informasjonssikkerhet=informasjon+sikkerhet
kompetanseutvikling=kompetanse+utvikling arbeidstakerorganisasjon=arbeidstaker+organisasjon
arbeidsgiveransvar=arbeidsgiver+ansvar anskaffelsesprosess=anskaffelse+prosess
velferdsteknologi=velferd+teknologi kommunestyrevedtak=kommunestyre+vedtak
administrasjonsutvalg=administrasjon+utvalg prosjektleder=prosjekt+leder prosjekteier=prosjekt+eier
pilotprosjekt=pilot+prosjekt referansegruppe=referanse+gruppe testgruppe=test+gruppe
turnusplanlegging=turnus+planlegging heltidskultur=heltid+kultur seniorpolitikk=senior+politikk
lønnspolitikk=lønn+politikk medarbeidersamtale=medarbeider+samtale vernerunde=verne+runde
avviksmelding=avvik+melding varslingsrutine=varsling+rutine databehandleravtale=databehandler+avtale
personopplysningslov=personopplysning+lov journalsystem=journal+system fagforening=fag+forening
klubbmøte=klubb+møte bemanningsplan=bemanning+plan nedbemanning=ned+bemanning
budsjettprosess=budsjett+prosess økonomiplan=økonomi+plan tjenesteutvikling=tjeneste+utvikling
brukermedvirkning=bruker+medvirkning innovasjonsarbeid=innovasjon+arbeid samhandlingsreform=samhandling+reform
møteplikt=møte+plikt taushetsplikt=taushet+plikt informasjonsplikt=informasjon+plikt
uttalelsesrett=uttalelse+rett permisjonsregler=permisjon+regler stillingsbeskrivelse=stilling+beskrivelse
ansettelsesutvalg=ansettelse+utvalg fylkestinget=fylke+tinget rådmannsutvalg=rådmann+utvalg
skoleledelse=skole+ledelse sykehjemsavdeling=sykehjem+avdeling hjemmetjeneste=hjemme+tjeneste
endringsledelse=endring+ledelse beslutningsgrunnlag=beslutning+grunnlag handlingsplan=handling+plan
kommunikasjonsplan=kommunikasjon+plan interessentanalyse=interessent+analyse
samarbeidsavtale=samarbeid+avtale nettverksgruppe=nettverk+gruppe oppstartsfase=oppstart+fase
leveransefase=leveranse+fase høringsfrist=høring+frist saksbehandler=sak+behandler
skytjeneste=sky+tjeneste sensordata=sensor+data kontrolltiltak=kontroll+tiltak
utvikling innføring forhandling avtale forslag grunnlag opplæring oppfølging veileder ordfører prosessen
tjenester organisasjon digitalisering endringen kompetanse medlemmer begrepene spørsmål teknologisk
prosjektene virksomhet forutsetning avgjørelse deltakelse forankring omstilling likestilling
"""

FAMILIES = """
drøfting drøfte drøftet drøftes drøftinger drøftingene drøfta drøftingane drøftar
medvirkning medvirke medvirker medvirkningen medverknad medverke
involvering involvere involvert involveres involveringen
bestemmelse bestemme bestemmelser bestemt bestemmelsene
utvikling utvikle utvikles utviklet utviklingen utviklinga
leder ledere lederen lederne lede ledelse ledelsen
gjennomføre gjennomføring gjennomført gjennomføres
informasjon informere informert informasjonen
digitalisering digitalisere digitalisert
avgjørelse avgjøre avgjort avgjerd avgjerder
deltakelse deltakere delta deltar deltatt deltaker deltagelse
ansvar ansvarlig ansvaret ansvarlige
politikk politisk politiske politikere politikerne
trygghet trygg tryggleik tryggheten
ansatt ansatte ansettelse ansettes tilsette tilsetter tilsettes tilsetjast tilsetting tilsettinga
arbeidsgiver arbeidsgivere arbeidsgiveren arbeidsgjevar arbeidsgjevarar
arbeidstaker arbeidstakere arbeidstakar arbeidstakarane
tillitsvalgt tillitsvalgte tillitsvalgtes tillitsvald tillitsvalde
virksomhet virksomheten virksomheter verksemd verksemder verksemda
representere representant representanter representasjon representative
erfaring erfaringer erfare erfaringane
digital digitale digitalt
uke uka uken uker ukene ukens
år året årets årene åra års
by byen byer byene
ide idé ideen idéer ideane
eie eier eiere eieren eierne
data dataene
tema temaet temaer
kurs kurset kursene
konsekvens konsekvensen konsekvenser
ressurs ressurser ressursene
regel regelen regler reglene
varsel varselet varsler varsling varslet
middel midler midlene
bok boka bøker bøkene
kollega kollegaen kolleger kollegene
tannlege tannlegen tannleger tannlegene tannlegar tannlegane
daglege dagleg daglig
"""

STRANGERS = (
    "tillit tillitsvalgt|personvern verneombud|kommune kommunikasjon|avtale avdeling|lov løsning|møte mål"
    "|fastlegen fast|tannlegen tann|kommunelegen kommune|menn mene|netter nett|handel handling"
)


def _right(analyzer: Analyzer, entry: str) -> bool:
    word, _, gold = entry.partition("=")
    expected = [analyzer.stem(part) for part in gold.split("+") if part]
    return [analyzer.stem(part) for part in analyzer.parts(word)] == expected


def test_compounds_of_the_domain(analyzer: Analyzer) -> None:
    entries = GOLD.split()
    wrong = [entry for entry in entries if not _right(analyzer, entry)]
    assert len(wrong) <= 0.04 * len(entries), f"{len(wrong)} of {len(entries)}: {wrong}"


@pytest.mark.parametrize("family", FAMILIES.strip().splitlines())
def test_words_of_one_family_share_a_stem(analyzer: Analyzer, family: str) -> None:
    assert len({analyzer.stem(word) for word in family.split()}) == 1, [
        (word, analyzer.stem(word)) for word in family.split()
    ]


@pytest.mark.parametrize("pair", STRANGERS.split("|"))
def test_strangers_share_no_term(analyzer: Analyzer, pair: str) -> None:
    one, other = pair.split()
    assert not set(analyzer.terms(one)) & set(analyzer.terms(other))


def test_tokens_keep_section_numbers_years_and_hyphens(analyzer: Analyzer) -> None:
    assert analyzer.tokens("HA del B § 3-1 c, aml. §9-2") == ["ha", "del", "b", "3-1", "c", "aml", "9-2"]
    assert analyzer.tokens("§1-4-1 gjelder 2026–2029 og 2014-2016") == [
        "1-4-1", "gjelder", "2026", "2029", "og", "2014", "2016"
    ]  # fmt: skip
    assert analyzer.tokens("IKT-ekspert, endrings- og utviklingsarbeid") == [
        "ikt-ekspert", "ikt", "ekspert", "endrings", "og", "utviklingsarbeid"
    ]  # fmt: skip
    assert analyzer.tokens("") == analyzer.tokens(" \n§ – ") == []


def test_terms_leave_out_stop_words_and_question_words(analyzer: Analyzer) -> None:
    assert analyzer.terms("Når skal verneombudet involveres?") == [
        *analyzer.terms("verneombud"),
        analyzer.stem("involvere"),
    ]
    assert analyzer.terms("Hva er det, og kven gjer det ikkje?") == []


def test_a_compound_meets_its_parts(analyzer: Analyzer) -> None:
    assert set(analyzer.terms("plikt til å drøfte")) <= set(analyzer.terms("drøftingsplikten"))
    assert analyzer.stem("workshops") in analyzer.terms("work-shops")
    assert analyzer.terms("9-2") == ["9-2"]


def test_general_heads_and_particles_are_no_terms(analyzer: Analyzer) -> None:
    assert analyzer.stem("måte") not in analyzer.terms("arbeidsmåte")
    assert analyzer.terms("medbestemmelse")[1:] == [analyzer.stem("bestemmelse")]


def test_version_follows_the_word_list(word_list: WordList, analyzer: Analyzer) -> None:
    assert Analyzer(word_list).version == analyzer.version
    assert Analyzer(WordList.of({"plikt": 4.0})).version != analyzer.version


def test_word_file_is_the_installed_one(word_list: WordList) -> None:
    assert len(word_list) > 600_000
    assert all(word in word_list for word in ("drøfting", "verneombud", "korleis", "verksemd"))
