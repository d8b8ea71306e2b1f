from __future__ import annotations

import pytest

from assistant.privacy import MASKED, mask

BIRTH, D_NUMBER, ACCOUNT = "15108695088", "55108695071", "86011117947"


@pytest.mark.parametrize(
    "written",
    [
        BIRTH,
        "151086 95088",
        "151086-95088",
        "15.10.86 95088",
        "1 5 1 0 8 6 9 5 0 8 8",
        "１５１０８６９５０８８",
        "151086\u200b95088",
        D_NUMBER,
        "551086 95071",
    ],
)
def test_birth_and_d_numbers_are_masked_however_they_are_written(written: str) -> None:
    assert mask(f"Jeg heter Ola ({written}).") == "Jeg heter Ola ([fødselsnummer])."


@pytest.mark.parametrize("written", [ACCOUNT, "8601 11 17947", "8601.11.17947", "NO93 8601 1117 947"])
def test_account_numbers_are_masked(written: str) -> None:
    assert mask(f"konto {written} takk") == "konto [kontonummer] takk"


def test_eleven_digits_with_wrong_check_digits_still_point_to_someone() -> None:
    assert mask("fnr 15108695089, tror jeg") == "fnr [personnummer eller kontonummer], tror jeg"


@pytest.mark.parametrize(
    "written",
    [
        "22334455",
        "22 33 44 55",
        "922 33 445",
        "2233 4455",
        "+47 22 33 44 55",
        "4722334455",
        "(47) 22334455",
        "0047 22334455",
        "+46 70 123 45 67",
    ],
)
def test_telephone_numbers_are_masked(written: str) -> None:
    assert mask(f"ring {written} nå") == "ring [telefonnummer] nå"


@pytest.mark.parametrize(
    "written", ["ola.nordmann@bedrift.no", "ola@møre.no", "ola @ bedrift.no", "ola(at)bedrift.no"]
)
def test_mail_addresses_are_masked(written: str) -> None:
    assert mask(f"skriv til {written}, takk") == "skriv til [e-postadresse], takk"


@pytest.mark.parametrize(
    "text",
    [
        "Hovedavtalen 2026–2029 del B § 3-1 c",
        "2026-2029",
        "fra 2012 2021 og § 14-9",
        "årene 2012 2013 2014 2016",
        "LOV-2005-06-17-62 av 01.02.2026",
        "10 000 000 kroner og 45 000 ansatte",
        "Hva sier råd 7 på side 24?",
    ],
)
def test_what_questions_are_about_stays(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize(
    ("written", "masked"), [("4242 4242 4242 4242", "[kortnummer]"), ("0123456789012345", "[nummer]")]
)
def test_card_and_other_long_numbers_are_masked(written: str, masked: str) -> None:
    assert mask(f"kort {written}.") == f"kort {masked}."


def test_masking_twice_changes_nothing_more() -> None:
    once = mask(f"{BIRTH} {ACCOUNT} ola@bedrift.no 22334455")
    assert mask(once) == once


@pytest.mark.parametrize(
    "written", [BIRTH, "15108695089", ACCOUNT, "22334455", "ola@bedrift.no", "4242 4242 4242 4242", "0" * 14]
)
def test_every_mask_is_known_as_one(written: str) -> None:
    assert MASKED.sub("", mask(written)) == ""
