from __future__ import annotations

import pytest

from hakawati.source.claims import ADDRESS, CLAIM


@pytest.mark.parametrize("version", ["2.0", "2.1", "2.2"])
@pytest.mark.parametrize("level", ["A", "AA", "AAA"])
def test_a_claim_is_one_of_the_standards(version: str, level: str) -> None:
    assert CLAIM.fullmatch(f"EPUB Accessibility 1.1 - WCAG {version} Level {level}")


@pytest.mark.parametrize(
    "text",
    [
        "WCAG 2.2 Level AA",
        "EPUB Accessibility 1.1 – WCAG 2.2 Level AA",
        "EPUB Accessibility 1.0 - WCAG 2.0 Level A",
        "EPUB Accessibility 1.1 - WCAG 2.3 Level A",
        "EPUB Accessibility 1.1 - WCAG 2.2 Level AAAA",
        "EPUB Accessibility 1.1 - WCAG 2.2 level AA",
        "EPUB Accessibility 1.1 -  WCAG 2.2 Level AA",
    ],
)
def test_a_claim_that_differs_by_a_letter_is_none(text: str) -> None:
    assert not CLAIM.fullmatch(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org",
        "http://example.org:8080/a/b?c=d&e=%C3%A9#f",
        "https://example.org/تقرير?لغة=عربية#ج",
        "https://مثال.مصر/",
    ],
)
def test_an_address_is_one_of_a_page_on_the_web(text: str) -> None:
    assert ADDRESS.fullmatch(text)


@pytest.mark.parametrize(
    "text",
    [
        "www.example.org",
        "ftp://example.org/",
        "https://",
        "https://./",
        "https://example..org/",
        "https://example.org:99999/",
        "https://example.org/a b",
        "https://example.org/100%",
        "https://example.org/#a#b",
        "https://[::1",
        "https://me@example.org/",
        "javascript:alert(1)",
    ],
)
def test_what_epubcheck_would_not_accept_is_no_address(text: str) -> None:
    assert not ADDRESS.fullmatch(text)
