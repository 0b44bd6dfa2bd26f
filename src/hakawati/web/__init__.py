"""The web edition: the book's pages as a static folder to read in a browser, which the preview serves too.

Start at `html_pages.page`.
"""
