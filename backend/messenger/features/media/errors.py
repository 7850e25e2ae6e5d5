"""The errors about images, uploads and files."""

from typing import Final

from messenger.doors.problems import UnsupportedType
from messenger.kernel.errors import AppError, Conflict, Forbidden, Invalid, NotFound, Unavailable


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
    """The file does not exist, or not at this address (any more), or the caller may not see it."""

    code = "file.not_found"
    en = "There is no such file."
    ru = "Такого файла нет."


class FileTooLarge(AppError):
    """A file is above the limit of the server, `max` (bytes)."""

    status = 413
    code = "file.too_large"
    en = "This file is too large for this server."
    ru = "Этот файл слишком велик для сервера."


class FileTypeRefused(AppError):
    """The server takes no files of this ending or type."""

    status = 415
    code = "file.type_refused"
    en = "This server takes no files of this type."
    ru = "Сервер не принимает файлы этого типа."


class FileInfected(Invalid):
    """The scanner of viruses found something in the file."""

    code = "file.infected"
    en = "The scanner of viruses found something in this file. It was not sent."
    ru = "Проверка на вирусы нашла в этом файле угрозу. Он не отправлен."


class FileUnscanned(Invalid):
    """The scanner of viruses takes no files of this size."""

    code = "file.unscanned"
    en = "This file is too large to be checked for viruses. It was not sent."
    ru = "Файл слишком велик для проверки на вирусы. Он не отправлен."


class QuotaExceeded(Forbidden):
    """The files of a person, with those on their way, would be more than `quota` (bytes)."""

    code = "file.quota_exceeded"
    en = "There is no room left for your files. Delete some of them first."
    ru = "Место для ваших файлов закончилось. Сначала удалите часть из них."


class FileNotReady(Unavailable):
    """The server still makes the file of its upload; nothing was sent."""

    code = "file.not_ready"
    en = "This file is not ready yet. Try again in a moment."
    ru = "Файл ещё не готов. Попробуйте чуть позже."


class FileInUse(Conflict):
    """A message holds the file."""

    code = "file.in_use"
    en = "This file is part of a message. Delete the message instead."
    ru = "Этот файл есть в сообщении. Удалите сообщение."


class FileAlone(Invalid):
    """A voice message has other files beside it."""

    code = "file.alone"
    en = "A voice message holds no other files. Send them by themselves."
    ru = "В голосовом сообщении нет других файлов. Отправьте их отдельно."


class RangeInvalid(AppError):
    """The range of bytes begins behind the end of the file."""

    status = 416
    code = "file.range_invalid"
    en = "The file has no such range of bytes."
    ru = "В файле нет таких байтов."


class UploadNotFound(NotFound):
    """The upload does not exist, or is another person's."""

    code = "upload.not_found"
    en = "There is no such upload."
    ru = "Такой загрузки нет."


class UploadExpired(AppError):
    """The upload was not continued in time, was ended, or lost its bytes: it must begin anew."""

    status = 410
    code = "upload.expired"
    en = "This upload has ended. Send the file again from its beginning."
    ru = "Эта загрузка завершена. Отправьте файл с начала."


class UploadMoved(Conflict):
    """The upload is not at that byte, or another request continues it."""

    code = "upload.moved"
    en = "The upload is at another place. Ask for its offset and go on from there."
    ru = "Загрузка находится в другом месте. Запросите её смещение и продолжайте оттуда."


class UploadChecksum(AppError):
    """The bytes are not those of `Upload-Checksum`; none of them were kept."""

    status = 460
    code = "upload.checksum"
    en = "Some bytes were damaged on their way. Send them again."
    ru = "Часть байтов повредилась в пути. Отправьте их ещё раз."


class UploadVersion(AppError):
    """The client speaks another version of the protocol of uploads (the header `Tus-Resumable`)."""

    status = 412
    code = "upload.version"
    en = "Uploads speak version 1.0.0 of tus."
    ru = "Для загрузок нужна версия 1.0.0 протокола tus."


NO_SPACE_MS: Final = 300_000
"""Time after which a device asks again whether there is room."""


class NoSpace(AppError):
    """The disk of files is full, or as full as it may become (`limit` is `disk`); or all people together store as much
    as they may (`total`).
    """

    status = 503
    code = "server.no_space"
    en = "The server has no room for more files at the moment."
    ru = "На сервере сейчас нет места для новых файлов."


class NotBytes(UnsupportedType):
    """The body of an upload came with another type."""

    en = "Send the bytes with the header Content-Type: application/offset+octet-stream."
    ru = "Нужны байты с заголовком Content-Type: application/offset+octet-stream."
