"""What an audio player needs: tags now; subtitles, playlists and audiobooks are to come."""
