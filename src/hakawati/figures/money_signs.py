"""Signs of money that have a name in both languages, as Unicode's CLDR has them for currencies in use."""

from __future__ import annotations

BEFORE_OR_AFTER = "$£€¥₹₪₺₽₩₫฿₴₦₱₨₡₣₭₮₲₵₸₼₾₿৳៛֏؋₤﷼"
"""Signs that may stand on either side of their number."""
SIGNS = BEFORE_OR_AFTER + "¢"
"""For a class in a regular expression: these, and the cent, which follows its number."""
