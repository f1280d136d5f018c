"""When a risk's current score may change (G23). Pure."""


def may_lower(current: int, proposed: int, *, action_done: bool, proof: str) -> str:
    """Say why a current score may not be lowered; empty when it may: a finished action with its proof lowers it."""
    if proposed >= current or (action_done and proof.strip()):
        return ""
    return "A score is lowered only by a completed action and what shows that it is done (G23)."
