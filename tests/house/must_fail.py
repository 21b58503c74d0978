"""A test that must fail: `make test` runs it to see that a failure under pytest is noticed and counted."""


def test_two_and_two_make_five():
    assert 2 + 2 == 5
