"""The cover as a whole."""

from __future__ import annotations

import time
from io import BytesIO
from typing import Literal

import pytest
from PIL import Image, ImageChops

from hakawati.cover.design import HEIGHT, WIDTH, draw_cover
from hakawati.model import Font, Metadata, Place
from tests.tiny_font import tiny_font


def book(
    title: dict[str, str], authors: tuple[str, ...] = (), publisher: str = "", identifier: str = "urn:x:1"
) -> Metadata:
    return Metadata(
        title=title,
        languages=tuple(title),
        identifier=identifier,
        slug="x",
        authors=authors,
        publisher=publisher,
    )


def picture(metadata: Metadata, *fonts: tuple[Font, bytes]) -> Image.Image:
    return Image.open(BytesIO(draw_cover(metadata, fonts).image))


def changed(one: Image.Image, other: Image.Image) -> tuple[int, int, int, int]:
    """The box in which two pictures differ, beyond what JPEG does."""
    difference = ImageChops.difference(one, other).convert("L").point(lambda value: 255 * (value > 60))
    box = difference.getbbox()
    assert box
    return box


PLACE = Place("book/book.yaml", 1)
PARIS = book({"ar": "تحرير باريس", "en": "The Liberation of Paris"})


def test_a_cover_is_large_enough_for_shops_and_not_heavy() -> None:
    data = draw_cover(PARIS).image
    image = Image.open(BytesIO(data))
    assert (image.format, image.size, image.mode) == ("JPEG", (WIDTH, HEIGHT), "RGB")
    assert (WIDTH, HEIGHT) == (1600, 2560)
    assert len(data) < 1_000_000


def test_the_same_book_has_the_same_cover() -> None:
    assert draw_cover(PARIS) == draw_cover(PARIS)


def test_identifiers_choose_colours_and_ornament() -> None:
    corners = {
        picture(book({"ar": "ا"}, identifier=f"urn:x:{n}")).getpixel((5, HEIGHT - 5)) for n in range(12)
    }
    assert len(corners) > 3


def test_every_title_the_authors_and_the_publisher_are_on_it() -> None:
    bare = picture(book({"en": "A Title"}))
    left, top, right, bottom = changed(bare, picture(book({"en": "A Title"}, ("Somebody",))))
    assert abs((left + right) / 2 - WIDTH / 2) < 5
    assert top > 2200
    assert bottom < 2420
    above = changed(picture(book({"en": "A"}, ("B",))), picture(book({"en": "A"}, ("B",), "C")))
    assert above[3] > 2380
    assert changed(bare, picture(book({"en": "A Title", "fr": "Un titre"})))[1] > 1000


def test_the_words_keep_clear_of_the_edges_and_of_each_other() -> None:
    long = "كتاب طويل العنوان فيه أخبار الملوك والحكماء والتجار " * 6
    titles = {lang: f"{long} {lang}" for lang in ("ar", "en", "fr", "de", "es")}
    full = book(titles, (long,), long)
    image = picture(full)
    ground = image.getpixel((5, HEIGHT - 5))
    assert isinstance(ground, tuple)
    paper = Image.new("RGB", image.size, ground)
    inked = ImageChops.difference(image, paper).convert("L").point(lambda value: 255 * (value > 60))
    words = inked.crop((0, 1080, WIDTH, HEIGHT)).getbbox()
    assert words
    assert (words[0] >= 145, words[2] <= WIDTH - 145, words[3] <= 2405 - 1080) == (True, True, True)
    gap = inked.crop((0, 2065, WIDTH, 2100)).getbbox()
    assert gap is None


@pytest.mark.parametrize(
    ("title", "unwritten"),
    [
        ({"ar": "كتاب"}, ()),
        ({"ru": "Война и мир", "en": "War and Peace"}, ("ru",)),
        ({"zh": "三国演义"}, ("zh",)),
        ({"he": "שלום", "ar": "سلام", "ja": "平和"}, ("he", "ja")),
        ({"en": "Peace 平和"}, ("en",)),
        ({"en": "Peace ☮ 😀"}, ()),
    ],
)
def test_a_title_is_written_whole_or_not_at_all(title: dict[str, str], unwritten: tuple[str, ...]) -> None:
    assert draw_cover(book(title)).unwritten == unwritten
    kept = {lang: text for lang, text in title.items() if lang not in unwritten}
    if kept and unwritten:
        assert draw_cover(book(title)).image == draw_cover(book(kept)).image


def test_a_title_that_is_the_same_in_two_languages_stands_there_once() -> None:
    assert draw_cover(book({"en": "Paris", "fr": "Paris"})).image == draw_cover(book({"en": "Paris"})).image


def test_the_fonts_of_the_book_are_used_for_what_they_are_for() -> None:
    def font(weight: str, *languages: str, style: Literal["normal", "italic"] = "normal") -> Font:
        return Font("x.ttf", languages, "Tiny", weight, style, "", whole=False, place=PLACE)

    title = book({"ar": "باب"})
    plain, own = draw_cover(title), draw_cover(title, [(font("400", "ar"), tiny_font())])
    assert own != plain
    others = [
        (font("400", "ar"), tiny_font("ا")),
        (font("700", "ar", style="italic"), tiny_font("ب")),
        (font("600", "ar"), tiny_font()),
        (font("700", "en"), tiny_font("اب")),
    ]
    assert draw_cover(title, others) == own
    assert draw_cover(title, [(font("700", "en"), tiny_font())]) == plain
    chinese = book({"zh": "三国"})
    assert draw_cover(chinese, [(font("400", "ar"), tiny_font("三国"))]).unwritten == ()


def test_it_is_drawn_in_a_moment() -> None:
    begin = time.process_time()
    draw_cover(book({"ar": "حكاية طويلة جدا " * 600, "en": "x" * 2000}, ("a b " * 400,), "c" * 2000))
    assert time.process_time() - begin < 15
