"""The reader in a browser: the book's pages as a static folder, which the preview shows too."""
