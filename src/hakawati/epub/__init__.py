"""A book and its timelines → an EPUB 3.

`xhtml.chapter_page` makes a chapter's content document and overlay, `package.package` the publication of all
pages, `container.write` the file.
"""
