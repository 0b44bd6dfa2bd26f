"""The glossary → flash cards for Anki: their content (`deck.cards`) and the file (`apkg.write`)."""
