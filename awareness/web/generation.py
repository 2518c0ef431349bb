import time
from dataclasses import dataclass, field


@dataclass(eq=False)
class Generation:
    """The public content as it is for a while: one content version, until something is next
    published or expires by its date; and if somebody sets the clock back, for no more seconds
    than that. One without a version is over before it begins."""

    version: int = -1
    since: float = 0.0  # seconds since 1970
    until: float = 0.0
    end: float = 0.0  # seconds of a clock that nobody sets
    values: dict = field(
        default_factory=dict
    )  # {function: what it read}: awareness.content.reading

    @property
    def is_over(self):
        return time.time() >= self.until or time.monotonic() >= self.end
