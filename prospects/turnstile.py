"""What a request must pass, asked of Redis in one step: counts that end, and things that are taken once."""

from dataclasses import dataclass
from typing import ClassVar

from config.redis_cache import Script, run

# Each step in turn; the first that refuses is the last. Answers with what each found: the count, or who held the thing.
_PASS = Script("""
local found = {}
for step = 1, #KEYS do
    local key, act, value, seconds = KEYS[step], ARGV[3 * step - 2], ARGV[3 * step - 1], ARGV[3 * step]
    if act == 'count' then
        local count = redis.call('INCR', key)
        if count == 1 then redis.call('EXPIRE', key, seconds) end
        found[step] = tostring(count)
        if count > tonumber(value) then break end
    else
        found[step] = ''
        if not redis.call('SET', key, value, 'NX', 'EX', seconds) then
            found[step] = redis.call('GET', key)
            if found[step] ~= value then break end
        end
    end
end
return found
""")
# Writes the first down, whoever held it, then takes the next, if any; answers with whether that was free.
_NOTE = Script("""
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return KEYS[2] and redis.call('SET', KEYS[2], ARGV[3], 'NX', 'EX', ARGV[4]) and 1 or 0
""")


@dataclass(frozen=True, slots=True)
class Count:
    """One more of what may be done so many times; it is found to be that many by now."""

    key: str
    most: int
    seconds: int
    act: ClassVar = "count"

    @property
    def value(self) -> int:
        return self.most


@dataclass(frozen=True, slots=True)
class Take:
    """A thing that one holder takes, and may take again; found with whoever held it before, if anybody."""

    key: str
    value: str
    seconds: int
    act: ClassVar = "take"


def go_through(*steps: Count | Take) -> list[str]:
    """Take these steps until one refuses, and return what each that was taken found."""
    asked = [part for step in steps for part in (step.act, step.value, step.seconds)]
    return [found.decode() for found in run(_PASS, [step.key for step in steps], asked)]


def note(noted: Take, *wanted: Take) -> bool:
    """Write down the first, whoever held it, and say whether what is wanted was free to take."""
    both = (noted, *wanted)
    return bool(run(_NOTE, [take.key for take in both], [part for take in both for part in (take.value, take.seconds)]))
