"""A book read aloud: chapters → clips of speech → timelines and MP3. Start at `script`, then `studio`."""
