"""From a project's folder to its finished books: the rooms, joined. Start at `shelf.build`."""
