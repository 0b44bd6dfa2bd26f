"""Title, authors and publisher → a cover, for a book whose author gives none. Start at `design.drawn`."""
