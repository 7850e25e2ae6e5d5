"""Tests the texts of letters: safe for every name, with readable times and devices."""

import re
from typing import Any

import pytest

from messenger.features.sessions.letters import layout, words


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("kinds", [words.VERIFY, words.RESET, words.DEVICE, words.REUSE])
def test_letters_are_safe_and_load_nothing(kinds: Any, language: str) -> None:
    params = {
        "server": '<img src=x onerror="x">&',
        "url": "https://chat.example.org",
        "life": words.life(1200, language),
        "device": words.device("Evil <b>/{url}", language),
        "address": "192.0.2.1",
        "time": "2026-11-24 10:05 UTC",
    }
    letter = layout.compose(kinds, ("ann@example.org", language), "https://chat.example.org/x#y", "k", params)
    assert "<img" not in letter.html
    assert "&lt;img src=x onerror=&quot;x&quot;&gt;&amp;" in letter.html
    assert "<img" in letter.text
    assert not re.search(r"\bsrc=[\"']|url\(|@import|<link|<script|http-equiv", letter.html)
    assert set(re.findall(r"https?://[^\s\"<]+", letter.html)) <= {
        "https://chat.example.org/x#y",
        "https://chat.example.org.",
    }
    assert "{" not in letter.text
    assert "prefers-color-scheme: dark" in letter.html


@pytest.mark.parametrize(
    ("seconds", "en", "ru"),
    [
        (1, "1 second", "1 секунду"),
        (60, "1 minute", "1 минуту"),
        (1200, "20 minutes", "20 минут"),
        (5400, "90 minutes", "90 минут"),
        (3600, "1 hour", "1 час"),
        (86_400, "1 day", "1 день"),
        (21 * 60, "21 minutes", "21 минуту"),
        (22 * 3600, "22 hours", "22 часа"),
        (11 * 86_400, "11 days", "11 дней"),
    ],
)
def test_times_are_said_as_people_say_them(seconds: int, en: str, ru: str) -> None:
    assert (words.life(seconds, "en"), words.life(seconds, "ru")) == (en, ru)


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Version/17 Safari/605", "Safari, macOS"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17 like Mac OS X) Safari/604", "Safari, iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"),
        ("click-here.example/1.0", "an unknown device"),
    ],
)
def test_a_device_is_named_in_words_of_our_own(agent: str, said: str) -> None:
    assert words.device(agent, "en") == said
