"""The flows of bytes: avatars, bodies of uploads, files on their way out."""
