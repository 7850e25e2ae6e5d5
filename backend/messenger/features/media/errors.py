"""The errors about images and files."""

from messenger.kernel.errors import AppError, Invalid, NotFound


class ImageUnsupported(AppError):
    """The body is none of the kinds of images, or not the kind it claims to be."""

    status = 415
    code = "image.unsupported"
    en = "Send a JPEG, PNG, WebP or GIF image with its Content-Type."
    ru = "Нужно изображение JPEG, PNG, WebP или GIF."


class ImageBroken(Invalid):
    """The image cannot be decoded within the limits of pixels, memory and time."""

    code = "image.broken"
    en = "This image is damaged or too large to be shown. Choose another one."
    ru = "Изображение повреждено или слишком велико. Выберите другое."


class FileNotFound(NotFound):
    """The file does not exist, or not at this address (any more)."""

    code = "file.not_found"
    en = "There is no such file."
    ru = "Такого файла нет."
