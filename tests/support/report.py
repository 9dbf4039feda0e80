# SPDX-License-Identifier: LGPL-2.1-or-later
"""Counts checks and prints one line for each."""


class Report:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, name, good, detail=""):
        """One check; detail is printed when it is not good."""
        if good:
            self.passed += 1
            print(f"ok - {name}")
        else:
            self.failed += 1
            # in one piece: threads may check side by side
            print("\n".join([f"not ok - {name}", *(
                f"#   {line}" for line in str(detail).splitlines())]))
        return bool(good)

    def same(self, name, got, want):
        """Checks that two values are equal."""
        return self.check(name, got == want, f"want {show(want)}\n"
                                             f"got  {show(got)}")

    def finish(self):
        """Prints the sum and returns the exit code."""
        print(f"{self.passed} passed, {self.failed} failed", flush=True)
        return 1 if self.failed or not self.passed else 0


def show(value):
    """A value as text that is the same in every run."""
    if isinstance(value, (set, frozenset)):
        return "{" + ", ".join(sorted(map(str, value))) + "}"
    return repr(value)
