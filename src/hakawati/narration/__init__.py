"""A book read aloud: chapters → clips → timelines and MP3. Start at `script`, then `clip_library`."""
