"""What went wrong on the way to a provider or there, in one sentence that says what to do."""

import html
import os
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

import aiohttp
import orjson

from quantumlayer.router.errors import (
    AuthenticationFailed,
    BadRequest,
    ContextTooLong,
    ParameterRefused,
    ProviderUnavailable,
    QuotaExhausted,
    RateLimited,
    RouterError,
)
from quantumlayer.router.transport.retry_after import retry_after
from quantumlayer.router.transport.targets import Target
from quantumlayer.router.wires.error_bodies import SaidError, error_in, kind_of
from quantumlayer.router.wires.error_kinds import kind_of_words, refused_parameter

_SHOWN = 300
_HTML = re.compile(r"\s*(?:<!doctype html|<html|<head|<body|<\?xml|<center|<h1)", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>|<h1[^>]*>(.*?)</h1>", re.IGNORECASE | re.DOTALL)
_TAGS = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.IGNORECASE | re.DOTALL)
# What servers of the field answer with where a request is refused because of what stands in it.
_ABOUT_CONTENT = frozenset({400, 403, 413, 422, 429, 500})


def refused(target: Target, status: int, headers: Mapping[str, str], body: bytes) -> RouterError:
    """The error for an answer whose status is no 200."""
    said = _said(body)
    after = retry_after(headers, said.words)
    kind = _kind(status, said, after)
    words = _sentence(target, status, said, kind)
    error = kind(words, retry_after=after)
    if kind is BadRequest and (name := refused_parameter(said.words, said.parameter)):
        error = ParameterRefused(words, parameter=name)
    error.status = status
    return error


def missing_key(target: Target) -> RouterError:
    """The error for a request that cannot be made without a key."""
    return AuthenticationFailed(
        f"{target.provider} wants a key and none is set"
        f"{_set(target.key_variable, 'to a key that is valid there')}"
    )


def redirected(target: Target, status: int, location: str) -> RouterError:
    """The error for a redirect, which is not followed."""
    where = f"to {_address(location)} " if location else ""
    return BadRequest(
        f"{_address(target.url)} redirects {where}({status}), which is not followed"
        f"{_set(target.url_variable, 'to the address that answers itself')}"
    )


def lost(target: Target, error: aiohttp.ClientError) -> RouterError:
    """The error for a connection that could not be made, or was lost."""
    where = f"{target.provider} at {_address(target.url)}"
    if isinstance(error, aiohttp.InvalidURL):
        return BadRequest(f"{where} is no address{_set(target.url_variable, 'to a valid one')}")
    if isinstance(error, aiohttp.ClientProxyConnectionError | aiohttp.ClientHttpProxyError):
        return _lost_at_proxy(target, error)
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return ProviderUnavailable(
            target.hidden(
                f"{where} cannot be reached ({_reason(error)})"
                f"{_set(target.url_variable, 'to where it is, or start it')}"
            )
        )
    return ProviderUnavailable(
        target.hidden(f"{where} broke the connection off ({_reason(error)})")
    )


def _lost_at_proxy(
    target: Target, error: aiohttp.ClientProxyConnectionError | aiohttp.ClientHttpProxyError
) -> RouterError:
    """The proxy is not there, or leads nobody to the provider."""
    proxy = f"the proxy {_address(target.proxy or '')} on the way to {target.provider}"
    if isinstance(error, aiohttp.ClientHttpProxyError):
        words = f"{proxy} refuses ({error.status}): {error.message or 'it does not say why'}"
    else:
        words = f"{proxy} cannot be reached ({_reason(error)})"
    return ProviderUnavailable(
        target.hidden(f"{words}; set QL_MODEL_PROXY to one that leads there, or to nothing")
    )


def unreadable(target: Target, body: bytes) -> RouterError:
    """The error for a body that is neither an event stream nor JSON."""
    text = _plain(body)
    wrong = (
        f"{_address(target.url)} sent what is no model's reply: {text or 'nothing'}"
        f"{_set(target.url_variable, 'to the address of a model server')}"
    )
    return ProviderUnavailable(target.hidden(wrong))


def without_key(target: Target, error: RouterError) -> RouterError:
    """The same error, its words free of the key."""
    words = str(error)
    if target.hidden(words) != words:
        error.args = (target.hidden(words), *error.args[1:])
    return error


def _kind(status: int, said: SaidError, after: float | None) -> type[RouterError]:
    kind = kind_of(said, status)
    by_words = kind_of_words(said.words) if status in _ABOUT_CONTENT else None
    # Of many requests together the same words are said as of one that is too large by itself.
    many = by_words is ContextTooLong and status == 429 and "too large" not in said.words
    if by_words is not None and not many and kind is not QuotaExhausted:
        kind = by_words
    # Google says "quota" for a minute's limit too, and then when to come back.
    return RateLimited if kind is QuotaExhausted and status == 429 and after is not None else kind


def _sentence(target: Target, status: int, said: SaidError, kind: type[RouterError]) -> str:
    words = f"{target.provider} refuses ({status}): {said.words or 'it does not say why'}"
    if issubclass(kind, AuthenticationFailed):
        words = f"{target.provider} does not accept the key ({status}): {said.words}"
        if target.key is None:
            words = f"{target.provider} wants a key and none is set ({status})"
        words += _set(target.key_variable, "to a key that is valid there")
    elif status == 404:
        words += (
            f"; it has no model {target.model!r}, or its address is wrong"
            f"{_set(target.url_variable, 'or choose another model')}"
        )
    elif status >= 500:
        words = f"{target.provider} failed ({status}): {said.words or 'it does not say why'}"
    return target.hidden(words)


def _set(variable: str | None, what: str) -> str:
    return f"; set {variable} {what}" if variable else ""


def _said(body: bytes) -> SaidError:
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return SaidError((), _plain(body))
    # Google's older endpoints wrap the error in a list.
    if isinstance(document, list) and document:
        document = document[0]
    return error_in(document) or SaidError((), _plain(body))


def _plain(body: bytes) -> str:
    """The words of a body, a page's title alone, in a line that a log can hold."""
    text = body.decode("utf-8", "replace")
    if _HTML.match(text):
        title = _TITLE.search(text)
        text = html.unescape(_TAGS.sub(" ", title[1] or title[2] if title else text))
    words = " ".join(text.split())
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"


def _reason(error: aiohttp.ClientError) -> str:
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "its name is unknown"
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientSSLError):
        return "its certificate is not accepted"
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return "no answer to the attempt to connect"
    if isinstance(error, aiohttp.ClientConnectorError):
        number = error.os_error.errno
        return os.strerror(number).lower() if number else type(error.os_error).__name__
    return "before its reply was complete"


def _address(url: str) -> str:
    """The URL without credentials and query, which may be secret."""
    parts = urlsplit(url)
    return (
        f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}" if parts.netloc else url
    )
