"""What a forged job tries to run: it leaves a trace."""

calls: list[str] = []


def leave(*arguments: object, **named: object) -> None:
    calls.append(f"{len(arguments)} {sorted(named)}")


class Trap:
    """Whoever unpickles it calls ``leave``."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return leave, ("unpickled",)
