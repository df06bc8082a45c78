"""Why something did not happen, ready to be shown: a rule refused it, or the computer did."""


class Problem(Exception):
    """``name``: stable, as that of a refusal. ``sentence``: what happened, why, and what to do, in
    the reader's language. ``field``: the one of a form that it is about, where that is known.
    """

    def __init__(self, name: str, sentence: str, field: str = "") -> None:
        super().__init__(name, sentence)
        self.name = name
        self.sentence = sentence
        self.field = field
