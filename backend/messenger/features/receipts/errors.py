"""The errors of receipts."""

from messenger.kernel.errors import Invalid


class NoVoice(Invalid):
    """The message holds no recording to which a person could have listened."""

    code = "receipt.no_voice"
    en = "This message holds no voice recording."
    ru = "В этом сообщении нет голосовой записи."
