"""The one exception that a person is meant to read."""


class UserError(Exception):
    """Wrong input: says in one line what is wrong, where, and what to do. The command line exits with code 2."""

    def __init__(self, message: str):
        super().__init__(" ".join(message.split()))
