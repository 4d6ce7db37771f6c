"""Errors meant for users."""


class UserError(Exception):
    """Invalid input. The message states in one line what is wrong, where, and what to do; the CLI exits with code 2."""

    def __init__(self, message: str):
        super().__init__(" ".join(message.split()))
