"""Arabic, from its printed words to what is said of them."""
