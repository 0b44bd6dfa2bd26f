"""What the words around an Arabic number tell of it: its case, and what is counted."""

from __future__ import annotations

import re

from hakawati.figures.arabic_numbers import Case
from hakawati.figures.line import Line
from hakawati.figures.word_lists import names

PREPOSITIONS = names(
    "في من إلى الى على عن منذ حتى بعد قبل خلال نحو حوالي حوالى مع عند بين قرابة زهاء طوال غضون لدى "
    "سوى كل ضد تحت فوق بفضل أثناء دون بدون مثل عبر ضمن حول تجاه رغم بنحو بحوالي بقرابة لنحو لكل بعض "
    "غير مدى طيلة لدن أول آخر كلا"
)
_ANNEXED = names(
    "مدة مسافة ارتفاع عمق عرض طول مبلغ قيمة سعر ثمن معدل نسبة سن عمر وزن سرعة قدر واقع بعد قوام حدود "
    "درجة عدد جانب كامل مشاركة حضور مقتل إصابة وفاة اعتقال وصول بناء شراء إرسال بيع فوز أكثر عام سنة "
    "عامي سنتي يوم مساء صباح ليلة فجر ظهر عصر أوائل أواخر منتصف مطلع بداية نهاية حلول مناسبة ذكرى "
    "نتيجة تكلفة كلفة راتب حجم مساحة سعة غالبية ربع نصف ثلث ثلثي أحد إحدى تاريخ رصيد إجمالي مجموع أغلبية "
    "مصرع استشهاد جرح اختطاف نقل إجلاء إنقاذ توزيع إنتاج استيراد تصدير"
)
"""Nouns that the number depends on, with or without a preposition: لمدة, بسعر."""
_ANNEXED_CLITICS = re.compile("[وف]?[بلك]?")
_ACCUSATIVE_AFTER = names("إن أن لأن كأن لكن ليت لعل إلا بأن وإن وأن")
_TAKES_OBJECT = names(
    "بلغ بلغت رأيت رأى رأت دفع دفعت اشترى اشترت قتل قتلت أرسل أرسلت ضم ضمت كتب كتبت قرأ قرأت وجد وجدت "
    "أصاب أصابت سجل سجلت حقق حققت كلف كلفت شمل شملت استغرق استغرقت عددهم عددهن عددها استمر استمرت دام "
    "دامت عاش عاشت قضى قضت أمضى أمضت انتظر انتظرت مكث بقي بقيت ظل ظلت ارتفع ارتفعت انخفض انخفضت زاد "
    "زادت تراجع تراجعت تجاوز تجاوزت وزن قطع قطعت زار زارت باع باعت أكل أكلت شرب شربت ملك ملكت بنى بنت "
    "فقد فقدت خسر خسرت ربح ربحت جمع جمعت أخذ أخذت أعطى أعطت منح منحت احتاج صنع صنعت نشر نشرت ألف ألفت "
    "درس درست حفظ حفظت شاهد شاهدت اعتقل اعتقلت أنتج أنتجت أطلق أطلقت دمر دمرت أنقذ أنقذت نقل حمل حملت "
    "استقبل استقبلت قدم قدمت عقد عقدت أنفق أنفقت أضاف أضافت احتل احتلت غطى غطت ساوى مشى سار سارت ركض "
    "نام صام انتظرنا أمضينا قضينا رأينا اشترينا دفعنا كتبنا قرأنا زرنا كان كانت أصبح أصبحت صار صارت "
    "ليس ليست ترك تركت تلقى تلقت امتلك امتلكت استورد أسر أسرت غادر"
)
_IMPERFECT = names(
    "بلغ ضم شمل ستغرق كلف زن ملك قطع كتب زور بيع دفع متد بعد ستمر دوم عيش قضي مضي نتظر تجاوز ساوي كسب "
    "ربح خسر حمل حوي تضمن كون نتج ستهلك حتاج صنع نشر قرأ رى شتري قتل رسل جمع أخذ عطي منح ستقبل قدم "
    "طلق وظف ضيف غطي متلك عادل حتوي"
)
"""Verbs with an object, without their prefix: يبلغ, تضم."""
_BEINGS = names("كان كانت أصبح أصبحت صار صارت ليس ليست")
_PRONOUN = re.compile("[\u0621-\u064a]{2,}(?:ه|ها|هم|هن|ي|نا)")
_WEAK_FIRST_PERSON = re.compile("[\u0621-\u064a]{2,}يت")
_PARTICLES = PREPOSITIONS | names(
    "و أو ثم أن إن لا لم لن ما هو هي هم هذا هذه ذلك تلك التي الذي لكن كان كانت قد أي إذا حين عندما كما حيث بل"
)
_ARABIC = re.compile("[\u0621-\u064a]+")


def is_preposition(word: str) -> bool:
    """Whether what follows is in the genitive."""
    if word in PREPOSITIONS or (word[1:] in PREPOSITIONS and word[:1] in ("و", "ف")):
        return True
    head = _ANNEXED_CLITICS.match(word)
    rests = {word, word[head.end() :] if head else word, word[1:], word[2:]}
    return any(rest in _ANNEXED for rest in rests if _is_clitics(word.removesuffix(rest)))


def _is_clitics(letters: str) -> bool:
    return len(letters) <= 2 and set(letters) <= set("وفبلك")


def case_at(line: Line, i: int) -> Case:
    """The case of a number at word `i`, as far as the words before tell; otherwise the nominative."""
    before, second = line.token(i - 1), line.token(i - 2)
    if not before or set(line.gaps[i].strip()) & set(".:؛!?؟"):
        return "nominative"
    if is_preposition(before):
        return "genitive"
    if before in _ACCUSATIVE_AFTER or (_takes_object(before, line, i - 1) and _verb(before) not in _BEINGS):
        return "accusative"
    subject = before.startswith("ال") or bool(_PRONOUN.fullmatch(before)) or _verb(second) not in _BEINGS
    if subject and second and not is_preposition(second) and _takes_object(second, line, i - 2):
        return "accusative"
    third = line.token(i - 3)
    annexed = before.startswith("ال") and not second.startswith("ال") and second not in PREPOSITIONS
    if annexed and third and _verb(third) not in _BEINGS and _takes_object(third, line, i - 3):
        return "accusative"
    return "nominative"


def _verb(word: str) -> str:
    return word[1:] if word[:1] in ("و", "ف") and word[1:] in _TAKES_OBJECT else word


def _takes_object(word: str, line: Line, i: int) -> bool:
    if _verb(word) in _TAKES_OBJECT:
        return True
    stem = re.sub("^[وف]?س?[يتأن]", "", word)
    if stem != word and stem in _IMPERFECT:
        return True
    if (len(word) > 4 and word.endswith("وا")) or line.printed[i].endswith("ت\u064f"):
        return True
    return bool(_WEAK_FIRST_PERSON.fullmatch(word)) and word not in ("بيت", "زيت")


def noun_after(line: Line, i: int) -> str:
    """The noun that follows word `i` and can be what is counted; else an empty string."""
    noun = line.near(i + 1)
    if noun == "من" and line.near(i + 2).startswith("ال"):
        return line.token(i + 2)[2:]
    if not _ARABIC.fullmatch(noun) or noun in _PARTICLES or noun.startswith("ال"):
        return ""
    return noun


def looks_accusative(noun: str) -> bool:
    """Whether a word can be the singular in the accusative that 11 to 99 count."""
    return noun.endswith(("ا", "ة", "اء", "ى"))
