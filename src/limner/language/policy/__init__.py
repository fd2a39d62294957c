"""The policy: which briefs are not painted, and why."""

from limner.language.policy.judge import Policy, policy

__all__ = ["Policy", "policy"]
