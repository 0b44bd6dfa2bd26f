"""Title, authors and publisher → a cover, for a book whose author gives none: `design.draw_cover`."""
