"""The texts of the letters, in Russian and English.

No text in them comes from the person who caused them, so that letters cannot be used to write to a stranger: no name of
an account, and of a device only words of our own.
"""

from typing import Final, NamedTuple


class Words(NamedTuple):
    """A letter in one language: `{…}` takes a parameter. `above` and `below` are paragraphs around the button."""

    subject: str
    above: tuple[str, ...]
    button: str
    below: tuple[str, ...]


FOOT: Final = {
    "en": "This e-mail was sent automatically by {server}, {url}.",
    "ru": "Это автоматическое письмо сервера «{server}», {url}.",
}
VERIFY: Final = {
    "en": Words(
        "Confirm your address",
        ("An account with this address was created on {server}. If it was you, confirm the address.",),
        "Confirm the address",
        ("The link works for {life}. If it was not you, ignore this e-mail.",),
    ),
    "ru": Words(
        "Подтвердите почту",
        ("С этой почтой завели учётную запись на сервере «{server}». Если это вы, подтвердите почту.",),
        "Подтвердить почту",
        ("Ссылка работает {life}. Если это не вы, ничего не делайте.",),
    ),
}
RESET: Final = {
    "en": Words(
        "A new password",
        ("A new password for your account on {server} was requested. If it was you, choose one now.",),
        "Choose a new password",
        (
            "The link works once, and for {life}. All your sessions will end then.",
            "If it was not you, ignore this e-mail: your password stays as it is.",
        ),
    ),
    "ru": Words(
        "Новый пароль",
        ("Для вашей учётной записи на сервере «{server}» запросили новый пароль. Если это вы, выберите его.",),
        "Выбрать новый пароль",
        (
            "Ссылка сработает один раз, действует она {life}. Все ваши сеансы после этого завершатся.",
            "Если это не вы, ничего не делайте: пароль останется прежним.",
        ),
    ),
}
DEVICE: Final = {
    "en": Words(
        "Sign-in from a new device",
        (
            "Your account on {server} was used to sign in from a new device.",
            "{device}, address {address}, {time}",
        ),
        "Show the sessions",
        ("If it was you, all is well. If not, end that session and change your password.",),
    ),
    "ru": Words(
        "Вход с нового устройства",
        (
            "Кто-то вошёл в вашу учётную запись на сервере «{server}» с устройства, которого раньше не было.",
            "{device}, адрес {address}, {time}",
        ),
        "Посмотреть сеансы",
        ("Если это вы, всё в порядке. Если нет, завершите этот сеанс и измените пароль.",),
    ),
}
REUSE: Final = {
    "en": Words(
        "A session was ended",
        (
            "An old sign-in token of one of your devices was used on {server} ({device}).",
            "It may have been copied, so we ended that session.",
        ),
        "Show the sessions",
        ("If this was not you, change your password.",),
    ),
    "ru": Words(
        "Сеанс завершён",
        (
            "Кто-то воспользовался старым токеном входа вашего устройства на сервере «{server}» ({device}).",
            "Возможно, его скопировали, поэтому мы завершили этот сеанс.",
        ),
        "Посмотреть сеансы",
        ("Если это не вы, измените пароль.",),
    ),
}
GUESSES: Final = {
    "en": Words(
        "Wrong guesses at your password",
        (
            "Many wrong passwords were tried for your account on {server}, the last one from the address {address}, {time}.",
            "None of them was right. Unknown devices may now try only rarely.",
        ),
        "Show the sessions",
        (
            "Devices on which you signed in before are not affected.",
            "If your password is short, or you use it elsewhere too, choose another one.",
        ),
    ),
    "ru": Words(
        "Кто-то подбирает ваш пароль",
        (
            "Для вашей учётной записи на сервере «{server}» много раз ввели неверный пароль, в последний раз "
            "с адреса {address}, {time}.",
            "Никто не вошёл. С незнакомых устройств мы теперь пропускаем лишь редкие попытки.",
        ),
        "Посмотреть сеансы",
        (
            "Устройства, с которых вы уже входили, работают как обычно.",
            "Если пароль короткий или им защищено что-то ещё, выберите другой.",
        ),
    ),
}
TAKEN: Final = {
    "en": Words(
        "You have an account already",
        (
            "A registration on {server} used your e-mail address (from {address}, {time}).",
            "You have an account already, so no new one was created. The sender now knows that the address is taken.",
        ),
        "Go to the server",
        ("If it was you, sign in, or request a new password there. If not, ignore this e-mail.",),
    ),
    "ru": Words(
        "У вас уже есть учётная запись",
        (
            "Кто-то хотел завести учётную запись с вашей почтой на сервере «{server}» (адрес {address}, {time}).",
            "Она у вас есть, поэтому новой не появилось. Теперь он знает, что почта занята.",
        ),
        "Открыть сервер",
        ("Если это вы, войдите или запросите там новый пароль. Если нет, ничего не делайте.",),
    ),
}
_UNKNOWN: Final = {"en": "an unknown device", "ru": "неизвестное устройство"}
_BROWSERS: Final = ("Edg", "OPR", "YaBrowser", "Firefox", "Chrome", "Safari")
_SYSTEMS: Final = ("Android", "iPhone", "iPad", "Windows", "Mac OS X", "Linux")
_NAMES: Final = {"Edg": "Edge", "OPR": "Opera", "YaBrowser": "Яндекс Браузер", "Mac OS X": "macOS"}
_UNITS: Final[tuple[tuple[int, tuple[str, str], tuple[str, str, str]], ...]] = (
    (86_400, ("day", "days"), ("день", "дня", "дней")),
    (3600, ("hour", "hours"), ("час", "часа", "часов")),
    (60, ("minute", "minutes"), ("минуту", "минуты", "минут")),
    (1, ("second", "seconds"), ("секунду", "секунды", "секунд")),
)


def life(seconds: int, language: str) -> str:
    """Returns `24 hours`, `20 минут`: a duration in the largest unit of which it has at least two, or one exactly."""
    size, en, ru = next(unit for unit in _UNITS if seconds >= 2 * unit[0] or seconds == unit[0] or unit[0] == 1)
    count = seconds // size
    if language != "ru":
        return f"{count} {en[count != 1]}"
    ten, hundred = count % 10, count % 100
    form = 0 if ten == 1 and hundred != 11 else 1 if 2 <= ten <= 4 and not 12 <= hundred <= 14 else 2
    return f"{count} {ru[form]}"


def device(agent: str, language: str) -> str:
    """Returns `Chrome, Windows` for a User-Agent.

    The first match of our list counts, because each browser also names others.
    """
    browser = next((name for name in _BROWSERS if f"{name}/" in agent), None)
    system = next((name for name in _SYSTEMS if name in agent), None)
    return ", ".join(_NAMES.get(one, one) for one in (browser, system) if one) or _UNKNOWN[language]
