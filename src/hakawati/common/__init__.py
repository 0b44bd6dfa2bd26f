"""What every room uses: files, stores, zip entries, templates, sound files, signals."""
