"""Arabic nouns as numbers need them: which are feminine, what units stand for, which take an ordinal."""

from __future__ import annotations

import re

from hakawati.figures.arabic_numbers import Noun
from hakawati.figures.word_lists import in_order, names

MONTHS = in_order("يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر")
_LEVANTINE = "كانون شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين"
_MAGHREBI = "جانفي فيفري أفريل ماي جوان جويلية أوت"
_ISLAMIC = "محرم المحرم صفر ربيع جمادى رجب شعبان رمضان شوال ذي ذو"
HIJRI_MONTHS = (
    *in_order("محرم صفر"),
    "ربيع الأول",
    "ربيع الآخر",
    "جمادى الأولى",
    "جمادى الآخرة",
    *in_order("رجب شعبان رمضان شوال"),
    "ذي القعدة",
    "ذي الحجة",
)
_SPELLINGS = "ابريل إبريل اغسطس اكتوبر يونيه يوليه حزيران ايلول ايار اذار"
MONTH_NAMES = frozenset([*MONTHS, *f"{_LEVANTINE} {_MAGHREBI} {_ISLAMIC} {_SPELLINGS}".split()])
DAYS = names("السبت الأحد الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة")


def _unit(one: str, many: str, accusative: str = "", *, feminine: bool = False, tail: str = "") -> Noun:
    return Noun(one, many, accusative or (one if one.endswith("ة") else one + "ا"), feminine, tail)


_KILOMETRE = _unit("كيلومتر", "كيلومترات")
_KILOGRAM = _unit("كيلوغرام", "كيلوغرامات")
_GRAM = _unit("غرام", "غرامات")
_CENTIMETRE = _unit("سنتيمتر", "سنتيمترات")
_MILLIMETRE = _unit("مليمتر", "مليمترات")
METRE = _unit("متر", "أمتار")
_DEGREE = _unit("درجة", "درجات", feminine=True)
_CELSIUS = _unit("درجة مئوية", "درجات مئوية", feminine=True)
_FAHRENHEIT = Noun("درجة", "درجات", "درجة", True, "فهرنهايت")
_SPEED = Noun("كيلومتر", "كيلومترات", "كيلومترا", False, "في الساعة")
_DOLLAR = _unit("دولار", "دولارات")
_EURO = Noun("يورو", "يورو", "يورو")
_POUND = _unit("جنيه", "جنيهات")
_CENT = _unit("سنت", "سنتات")
MINUTE = _unit("دقيقة", "دقائق", feminine=True)


def _square(noun: Noun, many: str, one: str) -> Noun:
    return Noun(f"{noun.one} {one}", f"{noun.many} {many}", f"{noun.accusative} {one}ا")


def _currency(one: str, many: str, of: str) -> Noun:
    return Noun(f"{one} {of}", f"{many} {of}ة", f"{one}ا {of}ا")


UNITS: dict[str, Noun] = {
    **dict.fromkeys(("كم", "كلم", "ك.م", "km"), _KILOMETRE),
    **dict.fromkeys(("كغ", "كغم", "كجم", "كلغ", "ك.غ", "kg"), _KILOGRAM),
    **dict.fromkeys(("غ", "غم", "جم", "غرام", "g"), _GRAM),
    **dict.fromkeys(("ملغ", "ملغم", "مغ", "ملجم", "mg"), _unit("مليغرام", "مليغرامات")),
    **dict.fromkeys(("سم", "cm"), _CENTIMETRE),
    **dict.fromkeys(("ملم", "مم", "mm"), _MILLIMETRE),
    "m": METRE,
    **dict.fromkeys(("ل", "لتر", "L", "l"), _unit("لتر", "لترات")),
    **dict.fromkeys(("مل", "ml"), _unit("مليلتر", "مليلترات")),
    **dict.fromkeys(("م²", "م2", "م٢", "m²"), _square(METRE, "مربعة", "مربع")),
    **dict.fromkeys(("كم²", "كم2", "km²"), _square(_KILOMETRE, "مربعة", "مربع")),
    **dict.fromkeys(("سم²", "سم2"), _square(_CENTIMETRE, "مربعة", "مربع")),
    **dict.fromkeys(("م³", "م3", "m³"), _square(METRE, "مكعبة", "مكعب")),
    **dict.fromkeys(("كم/س", "كم/ساعة", "كلم/س", "كلم/ساعة", "km/h"), _SPEED),
    "°": _DEGREE,
    **dict.fromkeys(("°م", "°C", "°س", "℃"), _CELSIUS),
    **dict.fromkeys(("°ف", "°F", "℉"), _FAHRENHEIT),
    **dict.fromkeys(("$", "US$", "USD"), _DOLLAR),
    **dict.fromkeys(("€", "EUR"), _EURO),
    **dict.fromkeys(("£", "GBP"), _POUND),
    "¥": Noun("ين", "ينات", "ينا"),
    **dict.fromkeys(("ر.س", "SAR"), _currency("ريال", "ريالات", "سعودي")),
    **dict.fromkeys(("ر.ق", "QAR"), _currency("ريال", "ريالات", "قطري")),
    **dict.fromkeys(("ر.ع", "OMR"), _currency("ريال", "ريالات", "عماني")),
    **dict.fromkeys(("ر.ي", "YER"), _currency("ريال", "ريالات", "يمني")),
    **dict.fromkeys(("د.أ", "د.ا", "JOD"), _currency("دينار", "دنانير", "أردني")),
    **dict.fromkeys(("د.ك", "KWD"), _currency("دينار", "دنانير", "كويتي")),
    **dict.fromkeys(("د.ب", "BHD"), _currency("دينار", "دنانير", "بحريني")),
    **dict.fromkeys(("د.ع", "IQD"), _currency("دينار", "دنانير", "عراقي")),
    **dict.fromkeys(("د.ل", "LYD"), _currency("دينار", "دنانير", "ليبي")),
    **dict.fromkeys(("د.ت", "TND"), _currency("دينار", "دنانير", "تونسي")),
    **dict.fromkeys(("د.ج", "DZD"), _currency("دينار", "دنانير", "جزائري")),
    **dict.fromkeys(("د.إ", "AED"), _currency("درهم", "دراهم", "إماراتي")),
    **dict.fromkeys(("د.م", "MAD"), _currency("درهم", "دراهم", "مغربي")),
    **dict.fromkeys(("ج.م", "EGP"), _currency("جنيه", "جنيهات", "مصري")),
    **dict.fromkeys(("ج.س", "SDG"), _currency("جنيه", "جنيهات", "سوداني")),
    **dict.fromkeys(("ل.س", "SYP"), Noun("ليرة سورية", "ليرات سورية", "ليرة سورية", True)),
    **dict.fromkeys(("ل.ل", "LBP"), Noun("ليرة لبنانية", "ليرات لبنانية", "ليرة لبنانية", True)),
    **dict.fromkeys(("₺", "TRY"), Noun("ليرة تركية", "ليرات تركية", "ليرة تركية", True)),
    **dict.fromkeys(("₪", "ILS"), Noun("شيكل", "شواكل", "شيكلا")),
    **dict.fromkeys(("₽", "RUB"), _unit("روبل", "روبلات")),
    **dict.fromkeys(("₹", "₨", "INR"), Noun("روبية", "روبيات", "روبية", True)),
    "﷼": _unit("ريال", "ريالات"),
    "¢": _CENT,
    "₤": _POUND,
    "₩": Noun("وون", "وون", "وون"),
    "₫": Noun("دونغ", "دونغ", "دونغ"),
    "฿": Noun("بات", "بات", "بات"),
    "₴": Noun("هريفنيا", "هريفنيات", "هريفنيا", True),
    "₦": Noun("نايرا", "نايرات", "نايرا", True),
    "₱": Noun("بيزو", "بيزو", "بيزو"),
    "₡": _unit("كولون", "كولونات"),
    "₣": _unit("فرنك", "فرنكات"),
    "₭": Noun("كيب", "كيب", "كيب"),
    "₮": Noun("توغروغ", "توغروغ", "توغروغ"),
    "₲": Noun("غواراني", "غواراني", "غواراني"),
    "₵": Noun("سيدي", "سيدي", "سيدي"),
    "₸": Noun("تينغ", "تينغ", "تينغ"),
    "₼": Noun("مانات", "مانات", "مانات"),
    "₾": Noun("لاري", "لاري", "لاري"),
    "₿": Noun("بيتكوين", "بيتكوين", "بيتكوين"),
    "৳": Noun("تاكا", "تاكات", "تاكا", True),
    "៛": _unit("رييل", "رييلات"),
    "֏": _unit("درام", "درامات"),
    "؋": Noun("أفغاني", "أفغانيات", "أفغانيا"),
}
CENTS = {"$": _CENT, "€": _CENT, "£": _unit("قرش", "قروش")}

_ORDINAL_MASCULINE = names(
    "سؤال تمرين شكل جدول مثال حي جناح لواء فيلق مستوى فصل جزء باب قرن طابق مجلد صف درس مركز بند قسم "
    "يوم أسبوع دور ملحق فرع مشهد شوط موسم مقعد"
)
_ORDINAL_FEMININE = names(
    "مرة دقيقة قناة فئة منطقة مجموعة كتيبة فرقة خطوة محطة بوابة قاعة درجة آية مادة دورة ذكرى حلقة "
    "مرحلة طبعة فقرة مرتبة عالمية جولة وحدة ساعة صفحة قاعدة لوحة سورة مقالة"
)
ORDINAL_NOUNS = {"ال" + noun: False for noun in _ORDINAL_MASCULINE} | {
    "ال" + noun: True for noun in _ORDINAL_FEMININE
}
"""Nouns after which a number says which one, with whether they are feminine."""
ORDINAL_DUALS = {
    noun[:-1] + "ت" + end if noun[-1] == "ة" else noun + end: feminine
    for noun, feminine in ORDINAL_NOUNS.items()
    for end in ("ان", "ين")
}
"""القرنين 18 و19."""
SINGULARS = names(
    "يوم شهر عام أسبوع قرن عقد متر كيلومتر كيلو كيلوغرام غرام طن لتر دولار دينار ريال جنيه درهم كتاب "
    "رجل طفل شخص بيت باب مقعد ولد جندي عامل طالب ضيف لاعب هدف موظف مواطن قتيل جريح سنتيمتر ميل هكتار "
    "صاروخ قلم"
)
"""Masculine nouns that are no plural."""

_FEMININE_PLURALS = names(
    "ثوان ثواني ليال ليالي مدن قرى نساء بنات غرف دول لغات صور سنين مدارس جزر صحف سفن نوافذ أسنان حروب "
    "قصص مناطق فقر عواصم مزارع معارك هدايا قضايا مرايا نسخ زوايا خلايا وصايا ضحايا مزايا نوايا سرايا "
    "قوى رؤى قطع فرق مهن خطط أمم جمل نقط لعب عيون أيد أيدي أرجل أقدام آذان أنفس نفوس أراض أراضي نيران "
    "آبار كؤوس رياح أفكار أشجار ثمار أوراق أزهار زهور نقاط بقع تجارب قنابل بنادق محاكم مجازر كوارث "
    "قطط عوائل قواعد مشاكل نسوة أسر جثث حقب شقق غابات ورق خيول خيام شرائط كلى أشعة جهات مهام موانئ مرابع "
    "حكم علب سلال قلاع قمم فرص طرق تحف رتب شعب كتل محن منح نسب هضاب ركب رقع درر مقاطع بلدان لجان "
    "جوائز دوائر شاحنات"
) - {"مقاطع", "بلدان", "شعب", "شرائط", "موانئ", "مرابع", "ورق", "طرق", "فقر"}
_BROKEN_PLURALS = names(
    "أشهر أسهم أنهر أحرف أذرع طلاب عمال سكان ركاب تجار زوار حكام قراء كتاب نواب رجال جبال وزراء رؤساء زعماء "
    "علماء شعراء خبراء سفراء أعضاء أنبياء أصدقاء أطباء قتلى جرحى مرضى أسرى شهداء إخوة فتية أسئلة أجهزة "
    "أعمدة أنظمة"
) - {"كتاب"}
_MASCULINE_FAAIL = names("بدائل دلائل ضمائر أوائل نظائر شرائط سراير عبائر")
_FAAIL = re.compile("[^ا]{1,2}ائ[^ا]")
_MASCULINE_IN_AT = re.compile(
    "(?:ا(?:ست|[^ا]ت[^ا]{1,2}|ن[^ا]{2})|إ[^ا]{1,2}|ت[^ا]{2}ي?)[^ا]*ات?ات$"
    "|(?:قرار|مطار|دولار|خيار|مسار|قطار|حمام|جواز|باص|تلفزيون|معسكر|مستشفي|محل|مجلد|طلب|شجار|ملف|مشروع|مخيم"
    "|منتخب|منتج|مقترح|مصطلح|مسلسل|مجتمع|مستوي|مؤتمر|خطاب|نبات|حيوان|بلاغ|بيان|صراع|نزاع|لقاء|نشاط|هجوم|تحدي"
    "|تصريح|تقرير|تغيير|تطبيق|تمرين|تدريب|تعديل|تفجير|تعليق|توقيع|انتخاب|اجتماع|احتجاج|اختبار|امتحان|اقتراح"
    "|اعتداء|انتصار|انفجار|اتفاق|استثمار|إجراء|إصدار|إعلان|كيلو|متر|غرام|سنت|ريال|جنيه|يورو|ميل|مليار|طن"
    "|جين|فيلم|بنك|كيلومتر|كيلوغرام|مليمتر|سنتيمتر|لتر|هكتار|ميغابايت|فيروس|حساب|مجال|سؤال|رد|ممر|مقر|معدل"
    "|موضوع|مبلغ|معرض|سباق|حوار|عرض|امتياز|احتفال|ارتفاع|انقلاب|مهرجان|كرنفال|برلمان|ديوان)ات$"
)
_FEMININE_SINGULARS = names(
    "نفس حرب أرض دار شمس نار يد عين قدم بنت أم أخت بئر روح كأس سن أذن ساق ذكرى دعوى شكوى فتوى بشرى "
    "صحراء سماء عذراء نفسا حربا أرضا دارا نارا يدا عينا قدما بنتا أما أختا بئرا روحا كأسا سنا أذنا "
    "ساقا"
)
_MASCULINE_IN_TA = frozenset(["خليفة", "علامة"])


def feminine_plural(noun: str) -> bool:
    """Whether the singular of a plural is feminine; a rule of thumb where no list says it."""
    if noun.endswith("ات"):
        return not _MASCULINE_IN_AT.match(noun)
    if noun in _FEMININE_PLURALS:
        return True
    return bool(_FAAIL.fullmatch(noun)) and noun not in _MASCULINE_FAAIL


def feminine_singular(noun: str) -> bool:
    """Whether a singular is feminine."""
    if noun.endswith("ة"):
        return noun not in _MASCULINE_IN_TA
    return noun in _FEMININE_SINGULARS


def counts_as_plural(noun: str) -> bool:
    """Whether a noun looks like a plural: الدول, الأيام, الدقائق, المهاجرين."""
    plural = noun.endswith(("ات", "ون", "ين")) or feminine_plural(noun)
    plural = plural or noun in _BROKEN_PLURALS
    return plural or bool(re.fullmatch("أ[^ا]{1,2}ا[^ا]|م[^ا]ا[^ا][^ا]|[^اأ]{2}و[^ا]", noun))


def is_feminine(noun: str, number: int) -> bool:
    """Whether what is counted is feminine: `noun` is a plural after 3 to 10, else a singular, or empty."""
    if not noun:
        return False
    return feminine_plural(noun) if 3 <= number % 100 <= 10 else feminine_singular(noun)
