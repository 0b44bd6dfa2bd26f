"""The live preview: a server of the book's pages, and a process that builds them again after every save.

Start at `server.serve`.
"""
