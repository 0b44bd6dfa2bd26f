"""The glossary → flash cards for Anki."""
