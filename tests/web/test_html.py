from __future__ import annotations

from lxml import etree

from hakawati.web.html import convert, convert_fragment, entries

HEAD = '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body>'


def document(body: str) -> str:
    return f"{HEAD}{body}</body></html>"


def test_what_belongs_to_the_epub_goes_and_its_roles_stay() -> None:
    made = convert(
        document(
            '<section epub:type="chapter" role="doc-chapter" lang="ar" xml:lang="ar"><p>نص</p></section>'
        ),
        "text/a.xhtml",
        "facing/text/a.html",
    )
    assert made == '<section role="doc-chapter" lang="ar"><p>نص</p></section>'


def test_links_lead_to_pages_and_to_the_web_as_it_is() -> None:
    body = (
        '<p><a href="../glossary.xhtml#t">1</a><a href="b.xhtml">2</a><a href="#n1">3</a>'
        '<a href="https://example.org/x.xhtml">4</a></p>'
    )
    made = etree.fromstring(convert(document(body), "text/a.xhtml", "popup/text/a.html"))
    assert [a.get("href") for a in made.iterfind(".//a")] == [
        "../glossary.html#t",
        "b.html",
        "#n1",
        "https://example.org/x.xhtml",
    ]


def test_images_are_in_the_folder_of_the_edition() -> None:
    made = convert(document('<img src="../images/a.png" alt=""/>'), "text/a.xhtml", "popup/text/a.html")
    assert made == '<img src="../../book/images/a.png" alt="">'


def test_text_stays_text() -> None:
    assert (
        convert(document("<p>&lt;b&gt; &amp; &quot;</p>"), "a.xhtml", "a.html") == '<p>&lt;b&gt; &amp; "</p>'
    )


def test_gaps_stay_to_be_filled() -> None:
    assert convert(document("<section><!--words--></section>"), "a.xhtml", "a.html") == (
        "<section><!--words--></section>"
    )


def test_a_piece_has_no_root_of_its_own() -> None:
    assert convert_fragment('<p xml:lang="en" lang="en">a</p><p>b</p>') == '<p lang="en">a</p><p>b</p>'
    assert convert_fragment("") == ""


def test_an_entry_of_the_glossary_is_shown_without_ids() -> None:
    page = (
        '<section><dl><div id="term-1"><dt><dfn id="t1" data-line="x:1">نص</dfn></dt>'
        "<dd><!--in-1-->text</dd></div>"
        '<div id="term-2"><dt>b</dt><dd>c &amp; d</dd></div></dl></section>'
    )
    assert dict(entries(page)) == {
        "term-1": "<dt><dfn>نص</dfn></dt><dd>text</dd>",
        "term-2": "<dt>b</dt><dd>c &amp; d</dd>",
    }
