"""Running a project's tests in an isolated copy, with a record per test that the verdict comes from."""
