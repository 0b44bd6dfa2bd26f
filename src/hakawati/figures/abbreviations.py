"""Abbreviations: what they stand for, and that the full stop after them ends no sentence."""

from __future__ import annotations

ARABIC_TITLES = {
    "د": ("الدكتور", "الدكتورة"),
    "أ": ("الأستاذ", "الأستاذة"),
    "أ.د": ("الأستاذ الدكتور", "الأستاذة الدكتورة"),
    "م": ("المهندس", "المهندسة"),
    "ش": ("الشيخ", "الشيخة"),
    "أ.م.د": ("الأستاذ المساعد الدكتور", "الأستاذة المساعدة الدكتورة"),
    "م.م": ("المدرس المساعد", "المدرسة المساعدة"),
}
"""Before a name: of a man, of a woman."""
ARABIC_REFERENCES = {"ص": "صفحة", "ص.ص": "الصفحات", "صص": "الصفحات", "ع": "العدد", "س": "السطر"}
"""Before a number that is said as a cardinal."""
ARABIC_ORDINAL_REFERENCES = {
    "ج": ("الجزء", False),
    "ط": ("الطبعة", True),
    "مج": ("المجلد", False),
    "ف": ("الفصل", False),
    "ق": ("القرن", False),
}
"""Before a number that says which one: the noun, and whether it is feminine."""
ARABIC_WORDS = {
    "إلخ": "إلى آخره",
    "الخ": "إلى آخره",
    "ق.م": "قبل الميلاد",
    "ب.م": "بعد الميلاد",
    "ق.هـ": "قبل الهجرة",
    "ق.ه": "قبل الهجرة",
    "اه": "انتهى",
    "ص.ب": "صندوق بريد",
    "ت": "توفي",
}
ARABIC_PRAYERS = {
    "ص": "صلى الله عليه وسلم",
    "صلعم": "صلى الله عليه وسلم",
    "ع": "عليه السلام",
    "رض": "رضي الله عنه",
    "ره": "رحمه الله",
}
"""In brackets, after a name."""

ENGLISH_TITLES = {
    "Lt": "Lieutenant",
    "Gen": "General",
    "Col": "Colonel",
    "Capt": "Captain",
    "Sgt": "Sergeant",
    "Maj": "Major",
    "Brig": "Brigadier",
    "Cpl": "Corporal",
    "Pvt": "Private",
    "Adm": "Admiral",
    "Cmdr": "Commander",
    "Cdr": "Commander",
    "Gov": "Governor",
    "Sen": "Senator",
    "Rep": "Representative",
    "Pres": "President",
    "Prof": "Professor",
    "Rev": "Reverend",
    "Hon": "Honourable",
    "Fr": "Father",
    "Dr": "Doctor",
    "Mr": "Mister",
    "Mrs": "Missus",
    "Ms": "Miz",
    "Mx": "Mix",
    "Messrs": "Messers",
    "Mme": "Madame",
    "Mlle": "Mademoiselle",
    "MM": "Messieurs",
    "M": "Monsieur",
    "St": "Saint",
    "Ste": "Sainte",
    "Mt": "Mount",
    "Ft": "Fort",
    "Supt": "Superintendent",
    "Insp": "Inspector",
}
"""Before a name."""
ENGLISH_REFERENCES = {
    "No": "number",
    "no": "number",
    "Nr": "number",
    "nr": "number",
    "Nos": "numbers",
    "nos": "numbers",
    "Vol": "volume",
    "vol": "volume",
    "Vols": "volumes",
    "vols": "volumes",
    "Ch": "chapter",
    "ch": "chapter",
    "chs": "chapters",
    "chap": "chapter",
    "Chap": "chapter",
    "chaps": "chapters",
    "p": "page",
    "P": "page",
    "pp": "pages",
    "Pp": "pages",
    "Fig": "figure",
    "fig": "figure",
    "Figs": "figures",
    "figs": "figures",
    "sec": "section",
    "Sec": "section",
    "art": "article",
    "Art": "article",
    "para": "paragraph",
    "l": "line",
    "ll": "lines",
    "v": "verse",
    "vv": "verses",
    "n": "note",
    "nn": "notes",
    "ca": "circa",
    "c": "circa",
    "b": "born",
    "d": "died",
    "fl": "flourished",
    "r": "reigned",
    "Tel": "telephone",
    "tel": "telephone",
    "Op": "opus",
    "op": "opus",
    "Pt": "part",
    "pt": "part",
    "pts": "parts",
    "Bk": "book",
    "bk": "book",
    "approx": "approximately",
}
"""Before a number."""
ENGLISH_WORDS = {
    "vs": "versus",
    "etc": "et cetera",
    "cf": "compare",
    "Cf": "compare",
    "viz": "namely",
    "al": "al",
    "e.g": "for example",
    "i.e": "that is",
    "E.g": "for example",
    "I.e": "that is",
    "Jr": "Junior",
    "Sr": "Senior",
    "Inc": "Incorporated",
    "Ltd": "Limited",
    "Co": "Company",
    "Corp": "Corporation",
    "Bros": "Brothers",
    "dept": "department",
    "Dept": "Department",
    "govt": "government",
    "Govt": "Government",
    "est": "established",
    "ed": "edited",
    "eds": "editors",
    "trans": "translated",
    "Ave": "Avenue",
    "Blvd": "Boulevard",
    "Rd": "Road",
    "Sq": "Square",
    "Esq": "Esquire",
    "approx": "approximately",
    "ibid": "ibid",
    "Ibid": "Ibid",
    "Ph.D": "P H D",
    "ca": "circa",
}
"""Anywhere, with their full stop."""
ENGLISH_MONTHS = {
    "Jan": "January",
    "Feb": "February",
    "Mar": "March",
    "Apr": "April",
    "Jun": "June",
    "Jul": "July",
    "Aug": "August",
    "Sep": "September",
    "Sept": "September",
    "Oct": "October",
    "Nov": "November",
    "Dec": "December",
}
ENGLISH_DAYS = {
    "Mon": "Monday",
    "Tue": "Tuesday",
    "Tues": "Tuesday",
    "Wed": "Wednesday",
    "Thu": "Thursday",
    "Thur": "Thursday",
    "Thurs": "Thursday",
    "Fri": "Friday",
}

BEFORE_A_NAME = {"ar": frozenset(ARABIC_TITLES), "en": frozenset(ENGLISH_TITLES)}
"""By language: the full stop after these ends no sentence if a name follows, as one mostly does."""
BEFORE_A_NUMBER = {
    "ar": frozenset([*ARABIC_REFERENCES, *ARABIC_ORDINAL_REFERENCES, "ت"]),
    "en": frozenset([*ENGLISH_REFERENCES, *ENGLISH_MONTHS]),
}
"""By language: the full stop after these ends no sentence if a number follows."""
ANYWHERE = {
    "ar": frozenset(word for word in ARABIC_WORDS if word != "ت"),
    "en": frozenset([*ENGLISH_WORDS, *ENGLISH_DAYS]),
}
"""By language: the full stop after these may end a sentence, but not before a small letter or a figure."""
NEVER_LAST = frozenset(("cf", "Cf", "viz", "e.g", "E.g", "i.e", "I.e", "vs", "v", "ca", "approx"))
"""The full stop after these ends no sentence, whatever follows."""
