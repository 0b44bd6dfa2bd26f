"""English words as figures need them: months, units, money, what takes a numeral."""

from __future__ import annotations

import re

from hakawati.figures.abbreviations import ENGLISH_MONTHS
from hakawati.figures.money_signs import BEFORE_OR_AFTER
from hakawati.figures.money_signs import SIGNS as SIGNS_OF_MONEY
from hakawati.figures.word_lists import in_order, names

MONTHS = in_order("January February March April May June July August September October November December")
WRITTEN_MONTHS = frozenset([*MONTHS, *ENGLISH_MONTHS])
UNITS = {
    "km": ("kilometre", "kilometres"),
    "m": ("metre", "metres"),
    "cm": ("centimetre", "centimetres"),
    "mm": ("millimetre", "millimetres"),
    "kg": ("kilogram", "kilograms"),
    "g": ("gram", "grams"),
    "mg": ("milligram", "milligrams"),
    "l": ("litre", "litres"),
    "L": ("litre", "litres"),
    "ml": ("millilitre", "millilitres"),
    "mi": ("mile", "miles"),
    "ft": ("foot", "feet"),
    "yd": ("yard", "yards"),
    "yds": ("yard", "yards"),
    "in": ("inch", "inches"),
    "lb": ("pound", "pounds"),
    "lbs": ("pound", "pounds"),
    "oz": ("ounce", "ounces"),
    "ha": ("hectare", "hectares"),
    "mph": ("mile per hour", "miles per hour"),
    "kph": ("kilometre per hour", "kilometres per hour"),
    "km/h": ("kilometre per hour", "kilometres per hour"),
    "m/s": ("metre per second", "metres per second"),
    "km²": ("square kilometre", "square kilometres"),
    "km2": ("square kilometre", "square kilometres"),
    "m²": ("square metre", "square metres"),
    "m2": ("square metre", "square metres"),
    "m³": ("cubic metre", "cubic metres"),
    "m3": ("cubic metre", "cubic metres"),
    "min": ("minute", "minutes"),
    "mins": ("minute", "minutes"),
    "sec": ("second", "seconds"),
    "secs": ("second", "seconds"),
    "hr": ("hour", "hours"),
    "hrs": ("hour", "hours"),
    "yr": ("year", "years"),
    "yrs": ("year", "years"),
    "Hz": ("hertz", "hertz"),
    "kHz": ("kilohertz", "kilohertz"),
    "MHz": ("megahertz", "megahertz"),
    "GHz": ("gigahertz", "gigahertz"),
    "kW": ("kilowatt", "kilowatts"),
    "MW": ("megawatt", "megawatts"),
    "KB": ("kilobyte", "kilobytes"),
    "MB": ("megabyte", "megabytes"),
    "GB": ("gigabyte", "gigabytes"),
    "°C": ("degree Celsius", "degrees Celsius"),
    "°F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "°": ("degree", "degrees"),
    "℃": ("degree Celsius", "degrees Celsius"),
    "℉": ("degree Fahrenheit", "degrees Fahrenheit"),
    "%": ("percent", "percent"),
    "‰": ("per thousand", "per thousand"),
    "¢": ("cent", "cents"),
    "‱": ("per ten thousand", "per ten thousand"),
    "؉": ("per thousand", "per thousand"),
    "؊": ("per ten thousand", "per ten thousand"),
    "p": ("penny", "pence"),
}
STOPPED_UNITS = names("in ft yd yds lb lbs oz min mins sec secs hr hrs yr yrs mi")
"""Units that may have a full stop."""
UNITS_WITH_STOP_ONLY = frozenset(("in", "min", "sec"))
MONEY = {
    "$": ("dollar", "dollars"),
    "US$": ("U S dollar", "U S dollars"),
    "A$": ("Australian dollar", "Australian dollars"),
    "C$": ("Canadian dollar", "Canadian dollars"),
    "£": ("pound", "pounds"),
    "€": ("euro", "euros"),
    "¥": ("yen", "yen"),
    "₹": ("rupee", "rupees"),
    "₨": ("rupee", "rupees"),
    "₪": ("shekel", "shekels"),
    "₺": ("lira", "liras"),
    "₽": ("rouble", "roubles"),
    "₩": ("won", "won"),
    "₫": ("dong", "dong"),
    "฿": ("baht", "baht"),
    "₴": ("hryvnia", "hryvnias"),
    "₦": ("naira", "naira"),
    "₱": ("peso", "pesos"),
    "₡": ("colon", "colones"),
    "₣": ("franc", "francs"),
    "₭": ("kip", "kip"),
    "₮": ("tugrik", "tugriks"),
    "₲": ("guarani", "guaranis"),
    "₵": ("cedi", "cedis"),
    "₸": ("tenge", "tenge"),
    "₼": ("manat", "manats"),
    "₾": ("lari", "lari"),
    "₿": ("bitcoin", "bitcoins"),
    "৳": ("taka", "takas"),
    "៛": ("riel", "riels"),
    "֏": ("dram", "drams"),
    "؋": ("afghani", "afghanis"),
    "₤": ("pound", "pounds"),
    "﷼": ("riyal", "riyals"),
}
COINS = {"$": "cents", "€": "cents", "US$": "cents", "A$": "cents", "C$": "cents", "£": "pence"}
"""The hundredths that are said by their name."""
UNITS |= {sign: MONEY[sign] for sign in BEFORE_OR_AFTER}
MULTIPLES = frozenset(("hundred", "thousand", "million", "billion", "trillion"))
SHORT_MULTIPLES = {"k": "thousand", "K": "thousand", "m": "million", "M": "million", "mn": "million"} | {
    "bn": "billion",
    "B": "billion",
    "b": "billion",
    "tn": "trillion",
}
ERAS = names("BC AD BCE CE B.C A.D B.C.E C.E AH A.H")
ABOUT_A_YEAR = names("in since by until till from to of year after before during around about circa ca c")
COUNTED = names(
    "men women children people troops dead soldiers killed wounded prisoners sheep fish feet others more of"
)
"""Words after a number of four digits that is no year, besides plurals."""
CARDINAL_HEADS = re.compile(
    "War|Chapter|Part|Book|Volume|Act|Scene|Phase|Class|Type|Section|Article|Canto|Appendix|Table|Figure"
    "|Title|Level|Stage|Group|Unit|Lesson|Number|Apollo|Mark|Rocky|Schedule|Category|Division|Corps|Grade|Round"
    "|Super|Bowl|chapter|part|book|volume|act|scene|section|article|canto|appendix|table|figure|page|pages|page"
)
RULERS = names(
    "Elizabeth Charles James Napoleon Francis Nicholas Alexander Peter Frederick William Henry George "
    "Leopold Catherine Mary Otto Constantine Justinian Darius Xerxes Ptolemy Louis Philip Edward "
    "Richard Paul Wilhelm Ferdinand Joseph Haakon Christian Gustav Umberto Victor Amenhotep Seti "
    "Thutmose Cyrus Philippe François Francois Farouk Fuad Abbas Abdulaziz Hussein Abdullah Murad "
    "Selim Mehmed Osman Bayezid Suleiman Leo Gregory Pius Clement Innocent Benedict Urban"
)
"""Names after which a lone I is mostly a numeral."""
SIGNS = {
    "+": "plus",
    "=": "equals",
    "×": "times",
    "*": "times",
    "÷": "divided by",
    "±": "plus or minus",
    "≈": "approximately",
    "≠": "is not equal to",
    "<": "less than",
    ">": "greater than",
    "≤": "at most",
    "≥": "at least",
    "√": "the square root of",
    "~": "about",
    "∼": "about",
    "№": "number",
    "#": "number",
    "§": "section",
    "§§": "sections",
    "-": "minus",
    "−": "minus",
    "–": "minus",
    "/": "divided by",
}
NAMES = {
    "%": "percent",
    "٪": "percent",
    "‰": "per thousand",
    "&": "and",
    "@": "at",
    "+": "plus",
    "=": "equals",
    "#": "number",
    "°": "degrees",
    "§": "section",
    ".": "dot",
    "/": "slash",
    "_": "underscore",
    "²": "squared",
    "³": "cubed",
    "^": "to the power of",
    "©": "copyright",
}
NAMES |= {sign: UNITS[sign][1] for sign in SIGNS_OF_MONEY + "‱؉؊"}
