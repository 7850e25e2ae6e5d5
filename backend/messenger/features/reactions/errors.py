"""The errors of reactions."""

from messenger.kernel.errors import Invalid


class TooManyReactions(Invalid):
    """A message has the maximum of kinds of reactions, or of reactions of one person."""

    code = "reaction.too_many"
    en = "A message has at most 50 kinds of reactions, and 5 of one person. Take one back first."
    ru = "У сообщения не больше 50 видов реакций, и не больше 5 от одного человека. Сначала убери одну."
