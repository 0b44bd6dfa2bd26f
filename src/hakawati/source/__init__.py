"""The reading of a book folder. Start at `folder.read_book`."""
