"""How continuous-integration services give themselves away."""

from __future__ import annotations

from collections.abc import Mapping

# Each entry is a vendor's variables that must all be set; after the table in watson/ci-info.
VENDORS: Mapping[str, tuple[str, ...]] = {
    "GitHub Actions": ("GITHUB_ACTIONS",),
    "GitLab CI": ("GITLAB_CI",),
    "CircleCI": ("CIRCLECI",),
    "Travis CI": ("TRAVIS",),
    "Buildkite": ("BUILDKITE",),
    "AppVeyor": ("APPVEYOR",),
    "Drone": ("DRONE",),
    "Cirrus CI": ("CIRRUS_CI",),
    "Semaphore": ("SEMAPHORE",),
    "Bitbucket Pipelines": ("BITBUCKET_COMMIT",),
    "Bitrise": ("BITRISE_IO",),
    "TeamCity": ("TEAMCITY_VERSION",),
    "CodeBuild": ("CODEBUILD_BUILD_ARN",),
    "Azure Pipelines": ("SYSTEM_TEAMFOUNDATIONCOLLECTIONURI",),
    "Bamboo": ("bamboo_planKey",),
    "Buddy": ("BUDDY_WORKSPACE_ID",),
    "Netlify": ("NETLIFY",),
    "Render": ("RENDER",),
    "TaskCluster": ("TASK_ID", "RUN_ID"),
    "Jenkins": ("JENKINS_URL", "BUILD_ID"),
    "CI": ("CI",),
}

# In a pull request the first of a vendor's names is the branch that is proposed.
_BRANCH_VARIABLES = (
    "GITHUB_HEAD_REF",
    "GITHUB_REF_NAME",
    "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME",
    "CI_COMMIT_BRANCH",
    "CIRCLE_BRANCH",
    "TRAVIS_PULL_REQUEST_BRANCH",
    "TRAVIS_BRANCH",
    "BUILDKITE_BRANCH",
    "APPVEYOR_PULL_REQUEST_HEAD_REPO_BRANCH",
    "APPVEYOR_REPO_BRANCH",
    "DRONE_SOURCE_BRANCH",
    "DRONE_BRANCH",
    "CIRRUS_BRANCH",
    "SEMAPHORE_GIT_BRANCH",
    "BITBUCKET_BRANCH",
    "BITRISE_GIT_BRANCH",
    "BUILD_SOURCEBRANCHNAME",
    "bamboo_planRepository_branchName",
    "BRANCH_NAME",
)
_OFF = ("", "0", "false", "no", "off")


def vendors_in(env: Mapping[str, str]) -> tuple[str, ...]:
    """The services whose variables are set; CI=false, which some set by hand, says no."""
    return tuple(
        vendor
        for vendor, names in VENDORS.items()
        if all(env.get(name, "").strip().lower() not in _OFF for name in names)
    )


def branch_in(env: Mapping[str, str]) -> tuple[str, str] | None:
    """The branch that a CI service tells, with the variable it stands in."""
    return next(((env[name], name) for name in _BRANCH_VARIABLES if env.get(name)), None)
