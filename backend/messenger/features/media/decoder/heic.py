"""Adds HEIC to what Pillow decodes. A process imports it only where HEIC is wanted."""

import pi_heif

pi_heif.register_heif_opener(thumbnails=False, decode_threads=1)
