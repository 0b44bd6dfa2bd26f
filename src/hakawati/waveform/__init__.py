"""A chapter's sound at a glance: how fast it is read, what is wrong with it, drawn as a strip."""
