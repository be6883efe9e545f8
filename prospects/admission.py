"""What a sending must pass before it is recorded, in one step: the captcha or a tighter limit, the stamp."""

from dataclasses import dataclass

from prospects.limits import one_more, seconds_to_wait
from prospects.proof_of_work import Proof
from prospects.stamps import Stamp, Use
from prospects.turnstile import go_through


@dataclass(frozen=True, slots=True)
class Admission:
    """How far a sending came. What comes first decides."""

    wait: int = 0  # seconds, where the client asked too often
    used_proof: bool = False  # its work was spent on another sending
    use: Use = Use.SPENT


def admit(sending: str, *, stamp: Stamp, proof: Proof | None, client: str) -> Admission:
    """Spend proof and stamp on the sending with this digest.

    Without a proof, a tighter limit of the client's stands in for it. Who is stopped by either spends no stamp.
    Raises RedisError where nothing can be counted.
    """
    first = proof.spend(stamp.number) if proof else one_more("unproven_signup", client)
    _first, *rest = go_through(first, stamp.spend(sending))
    if rest:
        return Admission(use=stamp.use(sending, rest[0]))
    return Admission(used_proof=True) if proof else Admission(wait=seconds_to_wait())
