"""What can go wrong, as a person should read it. `cli.main` turns each into its message and exit code."""


class ClusterError(Exception):
    """What was asked could not be done. The message says what failed and how to go on."""

    exit_code = 1


class UnavailableError(ClusterError):
    """This machine lacks something that this tool cannot provide. The message says what, and how to get it."""

    exit_code = 3


class CommandError(ClusterError):
    """A program that this tool called has failed."""

    def __init__(self, command: str, code: int, output: str) -> None:
        super().__init__(f"`{command}` ended with exit code {code}:\n{output}".rstrip(":\n"))
        self.code = code
        self.output = output
