"""A book read aloud: chapters → clips → timelines and MP3. Start at `reading_order`, then `clip_library`."""
