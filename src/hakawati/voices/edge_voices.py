"""A list of Microsoft Edge's voices, so that one can be chosen without asking the service."""

from __future__ import annotations

from collections.abc import Mapping

VOICES: Mapping[str, str] = {
    "ar-EG-SalmaNeural": "Arabic (Egypt), a woman",
    "ar-EG-ShakirNeural": "Arabic (Egypt), a man",
    "ar-SA-ZariyahNeural": "Arabic (Saudi Arabia), a woman",
    "ar-SA-HamedNeural": "Arabic (Saudi Arabia), a man",
    "ar-SY-AmanyNeural": "Arabic (Syria), a woman",
    "ar-SY-LaithNeural": "Arabic (Syria), a man",
    "en-US-EmmaMultilingualNeural": "English (United States), a woman",
    "en-US-AndrewMultilingualNeural": "English (United States), a man",
    "en-GB-SoniaNeural": "English (United Kingdom), a woman",
    "en-GB-RyanNeural": "English (United Kingdom), a man",
    "de-DE-KatjaNeural": "German, a woman",
    "es-ES-ElviraNeural": "Spanish (Spain), a woman",
    "es-MX-DaliaNeural": "Spanish (Mexico), a woman",
    "fa-IR-DilaraNeural": "Persian, a woman",
    "fa-IR-FaridNeural": "Persian, a man",
    "fr-FR-DeniseNeural": "French (France), a woman",
    "fr-FR-HenriNeural": "French (France), a man",
    "he-IL-HilaNeural": "Hebrew, a woman",
    "hi-IN-SwaraNeural": "Hindi, a woman",
    "id-ID-GadisNeural": "Indonesian, a woman",
    "it-IT-ElsaNeural": "Italian, a woman",
    "ja-JP-NanamiNeural": "Japanese, a woman",
    "ko-KR-SunHiNeural": "Korean, a woman",
    "nb-NO-PernilleNeural": "Norwegian, a woman",
    "nl-NL-ColetteNeural": "Dutch, a woman",
    "pl-PL-ZofiaNeural": "Polish, a woman",
    "pt-BR-FranciscaNeural": "Portuguese (Brazil), a woman",
    "pt-PT-RaquelNeural": "Portuguese (Portugal), a woman",
    "ru-RU-SvetlanaNeural": "Russian, a woman",
    "sv-SE-SofieNeural": "Swedish, a woman",
    "tr-TR-EmelNeural": "Turkish, a woman",
    "uk-UA-PolinaNeural": "Ukrainian, a woman",
    "ur-PK-UzmaNeural": "Urdu, a woman",
    "zh-CN-XiaoxiaoNeural": "Chinese (Mandarin), a woman",
}
"""Some of the voices; the first of a language or region is what it is read by where none is chosen."""


def voice_for(lang: str) -> str:
    """The first voice of the region, else of the language; empty where there is none."""
    parts = lang.split("-")
    region = next((part.upper() for part in parts[1:] if len(part) == 2), "")
    base = {"no": "nb"}.get(parts[0].lower(), parts[0].lower())
    tags = (f"{base}-{region}-", f"{base}-")
    return next((voice for tag in tags for voice in VOICES if voice.startswith(tag)), "")
