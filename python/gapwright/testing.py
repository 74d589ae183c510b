# SPDX-License-Identifier: MIT
"""One line that makes a test of each check of an audit, for pytest:

    from gapwright.testing import audit_test
    test_my_kernel = audit_test(my_kernel)
"""
from .auditing import audit, audit_checks


def audit_test(function, **options):
    """A test for pytest, with a case of its own name for each check; options are those of gapwright.audit. A check that cannot tell, or that the
    kernel refuses, is skipped with its reason."""
    import pytest

    chosen = {key: options[key] for key in options if key in ("order", "dtype", "signature", "rows", "dimension", "columns", "masks", "quick", "only", "skip")}
    rest = {key: value for key, value in options.items() if key not in ("quick", "only", "skip")}

    @pytest.mark.parametrize("check", audit_checks(function, **chosen))
    def test(check):
        found = audit(function, only=[check], **rest).checks[0]
        if found["outcome"] == "failed":
            pytest.fail(f"{check}: {found['reason']}", pytrace=False)
        if found["outcome"] != "passed":
            pytest.skip(f"{found['outcome']}: {found['reason']}")

    return test
