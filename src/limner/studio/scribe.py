"""The scribe: a language model that may write labels instead of the grammar.

Off until `scribe_url` names an endpoint that speaks the chat protocol of OpenAI (llama.cpp, Ollama, vLLM and most
services do).  Only the words of a reading are sent: no picture, no recipe, no name.  What comes back is cut to size,
marked as fiction and looked through by the policy; a text that names a real person is not used.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import replace
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import OpenerDirector, ProxyHandler, Request, build_opener

from limner.core.errors import InputError, ServiceError
from limner.core.settings import Settings
from limner.language.policy import Policy, policy
from limner.language.writing import FICTION, Label

TIMEOUT = 60.0
"""Seconds without an answer after which the scribe is given up."""

_LARGEST = 1 << 20  # bytes of an answer that are read
_LONGEST = {"title": 80, "text": 420, "biography": 900}  # letters
_SENTENCES = 5
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_TASK = (
    "You write wall labels for an exhibition of portraits of people who do not exist. You are given the words that a "
    "portrait was painted from. Answer with one JSON object and nothing else, with the keys title (at most eight "
    "words), text (one sentence on what was asked) and biography (three to five sentences about the imagined sitter). "
    "Be concrete and plain. Invent all names and places; name no real person, living or dead."
)


class Scribe:
    """Asks a language model for labels.

    Args:
        url: address of the endpoint up to `/v1`.
        model: name of the model there.
        key: sent as a bearer token; empty for none.
        timeout: seconds to wait for an answer.
        rules: what the texts must pass; the shipped policy by default.

    Raises:
        InputError: no address or no model.
    """

    def __init__(
        self, url: str, model: str, key: str = "", *, timeout: float = TIMEOUT, rules: Policy | None = None
    ) -> None:
        if not url or not model:
            missing = " and ".join(n for n, v in (("scribe_url", url), ("scribe_model", model)) if not v)
            raise InputError(f"The setting {missing} is empty.", "Set it, or leave out --scribe; see docs/settings.md.")
        self._url = f"{url.rstrip('/')}/chat/completions"
        self._model = model
        self._key = key
        self._timeout = timeout
        self._rules = rules

    @classmethod
    def of_settings(cls, settings: Settings) -> Scribe:
        """The scribe that the settings name.

        Raises:
            InputError: `scribe_url` or `scribe_model` is empty.
        """
        return cls(settings["scribe_url"], settings["scribe_model"], settings["scribe_key"])

    def write(self, words: str, label: Label) -> Label:
        """A label with title, text and biography by the model.

        Args:
            words: the words of the reading; nothing else is sent.
            label: what the grammar wrote; year and medium are kept, and the biography is left out if it has none.

        Raises:
            ServiceError: the endpoint cannot be reached, refuses, or its answer cannot be used.
        """
        if not words.strip():
            raise ServiceError("There are no words to send to the scribe.")
        said = _parts(self._ask(words))
        written = replace(
            label,
            title=_fitted(said, "title").strip("\"'\u201c\u201d.") or label.title,
            text=_fitted(said, "text"),
            biography=FICTION + _fitted(said, "biography") if label.biography else "",
            writer="scribe",
        )
        refusal = (self._rules or policy()).look("\n".join((written.title, written.text, written.biography)))
        if refusal is not None:
            raise ServiceError(f"The scribe's text is not used: {refusal.reason}")
        return written

    def _ask(self, words: str) -> str:
        """The model's answer, as it came."""
        body = {
            "model": self._model,
            "messages": [{"role": "system", "content": _TASK}, {"role": "user", "content": words}],
            "temperature": 0.9,
            "max_tokens": 500,
        }
        request = Request(self._url, json.dumps(body).encode(), {"Content-Type": "application/json"}, method="POST")
        if self._key:
            request.add_unredirected_header("Authorization", f"Bearer {self._key}")  # no redirect carries the key away
        try:
            with _opener(self._url).open(request, timeout=self._timeout) as answer:
                data = answer.read(_LARGEST + 1)
        except HTTPError as exc:
            with exc:
                raise ServiceError(
                    f"The scribe at {self._url} answered {exc.code} ({exc.reason}).",
                    "Look at scribe_url, scribe_model and scribe_key.",
                    exc.code,
                ) from exc
        except (URLError, OSError, ValueError) as exc:
            reason = getattr(exc, "reason", exc)
            raise ServiceError(
                f"The scribe at {self._url} cannot be reached ({reason}).", "Is it running? Look at scribe_url."
            ) from exc
        if len(data) > _LARGEST:
            raise ServiceError("The scribe's answer is larger than 1 MiB and is not read.")
        return _content(data)


def _opener(url: str) -> OpenerDirector:
    """Opens addresses; one on this machine never by way of a proxy."""
    here = (urlsplit(url).hostname or "") in _HERE
    return build_opener(ProxyHandler({})) if here else build_opener()


def _content(data: bytes) -> str:
    """The text inside a chat answer."""
    try:
        return str(json.loads(data)["choices"][0]["message"]["content"])
    except (ValueError, KeyError, IndexError, TypeError) as exc:
        raise ServiceError(
            f"The scribe's answer is no chat completion ({exc!r}).", "Is scribe_url an OpenAI-compatible address?"
        ) from exc


def _parts(text: str) -> dict[str, Any]:
    """The JSON object in an answer, with or without a fence around it."""
    start, end = text.find("{"), text.rfind("}")
    try:
        found: dict[str, Any] = json.loads(text[start : end + 1])
    except ValueError as exc:
        raise ServiceError(f"The scribe did not answer with a JSON object: {text[:60]!r}.") from exc
    return {str(name): value for name, value in found.items()}


def _fitted(said: dict[str, Any], name: str) -> str:
    """One part of an answer: plain text in one line, cut at the end of a sentence.

    Raises:
        ServiceError: the part is missing, no text, or empty.
    """
    value = said.get(name)
    if not isinstance(value, str):
        raise ServiceError(f"The scribe's answer has no {name}.")
    plain = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in value)
    plain = re.sub(r"\s+", " ", re.sub(r"[*_`#<>]+", "", plain)).strip()
    plain = re.sub(r"^fiction\s*:\s*", "", plain, flags=re.IGNORECASE)
    if not plain:
        raise ServiceError(f"The scribe's {name} is empty.")
    if name == "title":
        return plain[: _LONGEST[name]].rstrip()
    sentences = re.findall(r".+?(?:[.!?]+[\"'\u201d]?(?=\s|$)|$)", plain)[:_SENTENCES]
    kept = ""
    for sentence in sentences:
        if len(kept) + len(sentence) > _LONGEST[name]:
            break
        kept += sentence
    return kept.strip() or plain[: _LONGEST[name]].rsplit(" ", 1)[0].rstrip(",;:") + " ..."
