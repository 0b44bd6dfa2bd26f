"""What is wrong with a book: one module for each kind of check. Pure but where it says so."""
