import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ci import VENDORS
from app.environment import STAMP, Facts, detect, gather

MAIN = {".git/HEAD": "ref: refs/heads/main\n"}
FEATURE = {".git/HEAD": "ref: refs/heads/feat/x\n"}
DETACHED = {".git/HEAD": "0304744d0304744d0304744d0304744d0304744d\n"}
WORKTREE = {".git": "gitdir: /repo/.git/worktrees/w\n", "/repo/.git/worktrees/w/HEAD": "ref: refs/heads/release/2\n"}

CASES = [
    # what, facts, name, because starts with, conflicting
    ("nothing known", Facts(), "dev", "rule 8: default", False),
    ("a feature branch", Facts(files=FEATURE), "dev", "rule 6: branch feat/x via .git/HEAD", False),
    ("main is only a candidate", Facts(files=MAIN), "dev", "rule 6: branch main via .git/HEAD, but nobody", False),
    ("a worktree's .git file", Facts(files=WORKTREE, declared="prod"), "prod", "rule 3: settings prod", False),
    ("main and declared", Facts(files=MAIN, declared="prod"), "prod", "rule 3: settings prod", False),
    ("declared without git", Facts(env={"APP_ENV": "production"}), "prod", "rule 2: APP_ENV production", False),
    ("declared on a feature branch", Facts(files=FEATURE, declared="prod"), "dev", "what speaks disagrees", True),
    ("flag against settings", Facts(flag="prod", declared="dev"), "dev", "what speaks disagrees", True),
    ("a lowering flag against APP_ENV", Facts(flag="dev", env={"APP_ENV": "prod"}), "dev", "what speaks", True),
    ("declared dev on main", Facts(files=MAIN, declared="dev"), "dev", "rule 3: settings dev", False),
    ("a word nobody knows", Facts(env={"APP_ENV": "staging"}), "dev", "rule 2: APP_ENV 'staging' is neither", False),
    ("CI with a detached head", Facts(env={"CI": "true"}, files=DETACHED), "dev", "rule 4: ci yes (CI)", False),
    ("CI and declared", Facts(env={"GITLAB_CI": "true"}, declared="prod"), "dev", "what speaks disagrees", True),
    ("CI=false is no CI", Facts(env={"CI": "false"}, files=MAIN, flag="prod"), "prod", "rule 1: cli prod", False),
    ("half of Jenkins", Facts(env={"BUILD_ID": "7"}, flag="prod"), "prod", "rule 1: cli prod", False),
    ("a stamp is only a candidate", Facts(files={STAMP: "prod\n"}), "dev", "rule 5: stamp prod, but nobody", False),
    ("stamp and declared agree", Facts(files={STAMP: "prod"}, declared="prod"), "prod", "rule 3: settings", False),
    ("a dev stamp vetoes", Facts(files={STAMP: "dev"}, declared="prod"), "dev", "what speaks disagrees", True),
    ("a host in the globs", Facts(host="srv-1", prod_hosts=("srv-*",)), "dev", 'rule 7: host "srv-1" matches', False),
    ("detached outside CI is silent", Facts(files=DETACHED, declared="prod"), "prod", "rule 3: settings prod", False),
    ("a container is only a hint", Facts(files={"/.dockerenv": ""}), "dev", "rule 8: default", False),
]


@pytest.mark.parametrize(
    "facts, name, because, conflicting", [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_the_environment_follows_from_the_facts(facts: Facts, name: str, because: str, conflicting: bool) -> None:
    found = detect(facts)
    assert found.name == name
    assert found.because.startswith(because)
    assert bool(found.conflicts) == conflicting
    assert (found.banner is not None) == conflicting


@pytest.mark.parametrize(
    "facts, level",
    [
        (Facts(), "INFO"),
        (Facts(files=FEATURE), "INFO"),
        (Facts(flag="dev"), "DEBUG"),
        (Facts(declared="dev", files=MAIN), "DEBUG"),
        (Facts(flag="dev", env={"APP_ENV": "prod"}), "INFO"),
        (Facts(flag="prod"), "INFO"),
    ],
)
def test_debug_is_logged_where_a_person_said_that_this_is_dev(facts: Facts, level: str) -> None:
    found = detect(facts)
    assert found.log_level == level
    assert f"log_level={level}" in found.explain()


def test_the_banner_says_who_disagrees() -> None:
    banner = detect(Facts(files=FEATURE, declared="prod")).banner
    assert banner == (
        "Running as dev, live trading off: settings says prod (prod) against branch says dev (feat/x via .git/HEAD)"
    )


def test_everything_looked_at_is_explained_in_one_line() -> None:
    facts = Facts(files=FEATURE | {"/.dockerenv": ""}, host="vm")
    assert detect(facts).explain() == (
        "env=dev (rule 6: branch feat/x via .git/HEAD) | cli - | APP_ENV - | settings - | ci no | stamp - | "
        'branch feat/x via .git/HEAD | host "vm" no match | container maybe (/.dockerenv) | conflicts none | '
        "live_allowed=no (needs prod and --live) | log_level=INFO (unless dev is said)"
    )


@pytest.mark.parametrize(
    "facts, allowed, because",
    [
        (Facts(files=MAIN, declared="prod"), False, "needs --live"),
        (Facts(files=MAIN, live_flag=True), False, "needs prod"),
        (
            Facts(files=MAIN, declared="prod", live_flag=True),
            True,
            "--live given; the account has to be armed as well (dreamscape arm)",
        ),
        (Facts(files=FEATURE, declared="prod", live_flag=True), False, "needs prod"),
        (Facts(env={"CI": "1"}, flag="prod", live_flag=True), False, "never in CI"),
    ],
)
def test_live_trading_needs_prod_and_a_flag(facts: Facts, allowed: bool, because: str) -> None:
    found = detect(facts)
    assert (found.live_allowed, found.live_because) == (allowed, because)
    assert bool(found.live_notice) == facts.live_flag
    if allowed:
        assert found.live_notice == "Live trading is allowed; the account has to be armed as well (dreamscape arm)"


def test_one_who_asks_for_live_trading_in_vain_is_told_why() -> None:
    told = "Live trading stays off: needs prod, and this is dev (rule 8: default, nothing says otherwise)"
    assert detect(Facts(live_flag=True)).live_notice == told
    in_ci = detect(Facts(env={"CI": "1"}, live_flag=True)).live_notice
    assert in_ci is not None
    assert in_ci.startswith("Live trading stays off: never in CI, and this is dev")
    assert detect(Facts()).live_notice is None


@pytest.mark.parametrize("vendor", VENDORS)
def test_no_ci_service_ever_trades_live(vendor: str) -> None:
    env = dict.fromkeys(VENDORS[vendor], "true")
    found = detect(Facts(env=env, files=MAIN, flag="prod", declared="prod", live_flag=True))
    assert (found.name, found.live_allowed) == ("dev", False)
    assert vendor in found.explain()


def test_in_ci_the_branch_is_told_by_the_variables() -> None:
    env = {"GITHUB_ACTIONS": "true", "GITHUB_HEAD_REF": "feat/y", "GITHUB_REF_NAME": "12/merge"}
    assert "branch feat/y via GITHUB_HEAD_REF" in detect(Facts(env=env, files=DETACHED)).explain()


words = st.sampled_from([None, "", "dev", "prod", "production", "staging", "\x1b[31m"])
facts = st.builds(
    Facts,
    env=st.dictionaries(st.sampled_from(["CI", "GITHUB_ACTIONS", "APP_ENV", "CI_COMMIT_BRANCH"]), st.text(max_size=6)),
    files=st.sampled_from([{}, MAIN, FEATURE, DETACHED, WORKTREE, {".git": "junk"}, {STAMP: "prod"}, {STAMP: "x"}]),
    host=st.sampled_from(["", "srv-1"]),
    flag=words,
    live_flag=st.booleans(),
    declared=words,
    prod_hosts=st.sampled_from([(), ("srv-*",)]),
)


@given(facts)
def test_detection_only_ever_lowers(facts: Facts) -> None:
    found = detect(facts)
    spoken = replace(facts, files={}, host="", env={"APP_ENV": facts.env.get("APP_ENV", "")})
    if found.name == "prod":
        assert detect(spoken).name == "prod"  # people alone said so
    if found.live_allowed:
        assert facts.live_flag
        assert found.name == "prod"
        assert not found.conflicts
    assert "\x1b" not in found.explain()


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@localhost"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def test_a_real_checkout_and_its_worktree_are_read(tmp_path: Path) -> None:
    repository, worktree = tmp_path / "repository", tmp_path / "worktree"
    repository.mkdir()
    git(repository, "init", "-b", "main")
    git(repository, "commit", "--allow-empty", "-m", "first")
    git(repository, "worktree", "add", str(worktree), "-b", "feat/z")
    assert "branch main via .git/HEAD" in detect(gather(repository, {})).explain()
    assert "branch feat/z via " in detect(gather(worktree, {})).explain()
    git(worktree, "checkout", "--detach")
    assert "branch none (detached" in detect(gather(worktree, {})).explain()
    assert "branch -" in detect(gather(tmp_path, {})).explain()
