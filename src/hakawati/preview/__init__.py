"""The preview: a server of the book's pages, and a process that builds them again with every save."""
