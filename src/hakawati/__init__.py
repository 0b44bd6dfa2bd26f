"""Hakawati turns a book folder into a read-aloud EPUB 3 and its narrated MP3 chapters."""

__version__ = "0.1.0"
