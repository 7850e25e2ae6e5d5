"""What the letters say, in Russian and English.

Nothing in them was written by whoever caused them, so that nobody can use them to say something to a stranger:
no name of an account, and of a device only words of our own.
"""

from typing import Final, NamedTuple


class Words(NamedTuple):
    """A letter in one language: `{…}` takes a parameter. `above` and `below` are paragraphs around the button."""

    subject: str
    above: tuple[str, ...]
    button: str
    below: tuple[str, ...]


FOOT: Final = {
    "en": "This letter was written by the program of {server}, {url}.",
    "ru": "Это письмо написала программа сервера «{server}», {url}.",
}
VERIFY: Final = {
    "en": Words(
        "Confirm your address",
        ("Somebody, you we hope, made an account with this address on {server}.",),
        "Confirm the address",
        ("The link works for {life}. If it was not you, do nothing.",),
    ),
    "ru": Words(
        "Подтверди почту",
        ("С этой почтой завели учётную запись на сервере «{server}». Если это ты, подтверди почту.",),
        "Подтвердить почту",
        ("Ссылка работает {life}. Если это не ты, ничего не делай.",),
    ),
}
RESET: Final = {
    "en": Words(
        "A new password",
        ("Somebody, you we hope, asked for a new password for your account on {server}.",),
        "Choose a new password",
        (
            "The link works once, and for {life}. All your sessions will end then.",
            "If it was not you, do nothing: your password stays as it is.",
        ),
    ),
    "ru": Words(
        "Новый пароль",
        ("Кто-то, надеемся, ты, просит сменить пароль твоей учётной записи на сервере «{server}».",),
        "Выбрать новый пароль",
        (
            "Ссылка сработает один раз, действует она {life}. Все твои сеансы после этого завершатся.",
            "Если это не ты, ничего не делай: пароль останется прежним.",
        ),
    ),
}
DEVICE: Final = {
    "en": Words(
        "Sign-in from a new device",
        (
            "Somebody signed in to your account on {server} from a device that we had not seen before.",
            "{device}, address {address}, {time}",
        ),
        "Look at the sessions",
        ("If it was you, all is well. If not, end that session and change your password.",),
    ),
    "ru": Words(
        "Вход с нового устройства",
        (
            "Кто-то вошёл в твою учётную запись на сервере «{server}» с устройства, которого раньше не было.",
            "{device}, адрес {address}, {time}",
        ),
        "Посмотреть сеансы",
        ("Если это ты, всё в порядке. Если нет, заверши этот сеанс и смени пароль.",),
    ),
}
REUSE: Final = {
    "en": Words(
        "A session was ended",
        (
            "Somebody used an old sign-in token of a device of yours on {server} ({device}).",
            "It may have been copied, so we ended that session.",
        ),
        "Look at the sessions",
        ("If this was not you, change your password.",),
    ),
    "ru": Words(
        "Сеанс завершён",
        (
            "Кто-то воспользовался старым токеном входа твоего устройства на сервере «{server}» ({device}).",
            "Возможно, его скопировали, поэтому мы завершили этот сеанс.",
        ),
        "Посмотреть сеансы",
        ("Если это не ты, смени пароль.",),
    ),
}
GUESSES: Final = {
    "en": Words(
        "Somebody guesses at your password",
        (
            "Many wrong passwords were tried for your account on {server}, the last one from the address {address}, {time}.",
            "Nobody got in. We let only a few more through now, from devices that we do not know.",
        ),
        "Look at the sessions",
        (
            "Devices on which you signed in before work as always.",
            "If your password is short, or you use it elsewhere too, choose another one.",
        ),
    ),
    "ru": Words(
        "Кто-то подбирает твой пароль",
        (
            "Для твоей учётной записи на сервере «{server}» много раз ввели неверный пароль, в последний раз "
            "с адреса {address}, {time}.",
            "Никто не вошёл. С незнакомых устройств мы теперь пропускаем лишь редкие попытки.",
        ),
        "Посмотреть сеансы",
        (
            "Устройства, с которых ты уже входил, работают как обычно.",
            "Если пароль короткий или им защищено что-то ещё, выбери другой.",
        ),
    ),
}
TAKEN: Final = {
    "en": Words(
        "You have an account already",
        (
            "Somebody wanted to make an account with your address on {server} (address {address}, {time}).",
            "You have one, so nothing was made. They know now that it is taken.",
        ),
        "Go to the server",
        ("If it was you, sign in, or ask for a new password there. If not, do nothing.",),
    ),
    "ru": Words(
        "У тебя уже есть учётная запись",
        (
            "Кто-то хотел завести учётную запись с твоей почтой на сервере «{server}» (адрес {address}, {time}).",
            "Она у тебя есть, поэтому новой не появилось. Теперь он знает, что почта занята.",
        ),
        "Открыть сервер",
        ("Если это ты, войди или запроси там новый пароль. Если нет, ничего не делай.",),
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
    """`24 hours`, `20 минут`: a time to live in the largest unit of which it has at least two, or one exactly."""
    size, en, ru = next(unit for unit in _UNITS if seconds >= 2 * unit[0] or seconds == unit[0] or unit[0] == 1)
    count = seconds // size
    if language != "ru":
        return f"{count} {en[count != 1]}"
    ten, hundred = count % 10, count % 100
    form = 0 if ten == 1 and hundred != 11 else 1 if 2 <= ten <= 4 and not 12 <= hundred <= 14 else 2
    return f"{count} {ru[form]}"


def device(agent: str, language: str) -> str:
    """`Chrome, Windows` of a User-Agent; the first of ours that it names, because all of them name others too."""
    browser = next((name for name in _BROWSERS if f"{name}/" in agent), None)
    system = next((name for name in _SYSTEMS if name in agent), None)
    return ", ".join(_NAMES.get(one, one) for one in (browser, system) if one) or _UNKNOWN[language]
