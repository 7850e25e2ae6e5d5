"""The verbs of media: avatars, uploads, files."""
