"""A bound on the memory of a worker process."""

from __future__ import annotations

try:
    import resource
except ImportError:  # not a POSIX platform: time is limited, memory is not
    resource = None


def limit_memory(megabytes: int) -> None:
    """Bound the address space of this process, where the platform can (Linux does)."""
    if resource is not None:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        limit = megabytes * 2**20
        resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
