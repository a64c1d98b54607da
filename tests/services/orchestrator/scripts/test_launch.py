"""What is started for a script is looked at before anything is started."""

import pytest

from services.orchestrator.scripts.launch import secret_words


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["bot", "--api-key=0123456789abcdef"], ["--api-key"]),
        (["bot", "--token", "0123456789abcdef", "--fast"], ["--token"]),
        (["env", "BROKER_PASSWORD=correct-horse", "bot"], ["BROKER_PASSWORD"]),
        (["bot", "postgresql://me:correct-horse@127.0.0.1/db"], ["a word of the command"]),
        (["bot", "sk-0123456789abcdef0123"], ["a word of the command"]),
        (["bot", "https://u:hunter2xyz@h/?token=0123456789"], ["a word of the command"]),
    ],
)
def test_a_secret_among_the_words_is_found(words: list[str], found: list[str]) -> None:
    assert secret_words(words) == found


@pytest.mark.parametrize(
    "words",
    [
        ["sort", "--key", "2"],
        ["bot", "--token-file", "token.txt"],
        ["bot", "--key", "./id_ed25519"],
        ["bot", "--api-key", "$BROKER_API_KEY"],
        ["bot", "--max-tokens=100000000"],
        ["bot", "--token", "--verbose"],
        ["python", "main.py", "--url=http://127.0.0.1:8080/health"],
    ],
)
def test_what_only_tells_of_a_secret_is_let_through(words: list[str]) -> None:
    assert secret_words(words) == []
