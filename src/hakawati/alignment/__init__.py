"""Forced alignment: where in a recording each sentence and word is read. Start at `aligner.align`."""
