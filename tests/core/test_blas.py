"""Matrix products in one thread, and as before afterwards."""

from threadpoolctl import threadpool_info

from limner.core.blas import one_blas_thread


def threads() -> list[int]:
    return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]


def test_the_limit_holds_until_the_last_leaves():
    before = threads()
    with one_blas_thread:
        with one_blas_thread:
            assert set(threads()) <= {1}
        assert set(threads()) <= {1}
    assert threads() == before
