"""The HTTP doors of media: avatars, uploads, files."""
