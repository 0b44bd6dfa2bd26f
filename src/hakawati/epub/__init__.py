"""A book and its timelines → an EPUB 3. Start at `package.bind`."""
