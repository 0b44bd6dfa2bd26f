"""The sync of an EPUB with its sound, measured. Start at `measure.check_sync`."""
