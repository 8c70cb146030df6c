"""RS256 tokens and the key they are signed with (intacct-rest §1, §17.2)."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tieout.sandbox.storage import Storage

_SCALAR = "REST signing key"
KEY_ID = "sandbox"


def signed(storage: Storage, claims: Mapping[str, Any]) -> str:
    """A compact RS256 token over the claims."""
    head = _packed({"alg": "RS256", "typ": "JWT", "kid": KEY_ID})
    body = _packed(claims)
    text = f"{head}.{body}"
    return f"{text}.{_url(_key(storage).sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def claims_in(token: str) -> dict[str, Any] | None:
    """The claims of a token, unverified; None if it is no token."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        found = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def key_set(storage: Storage) -> dict[str, Any]:
    """The public key as a JWK set."""
    numbers = _key(storage).public_key().public_numbers()
    key = {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": KEY_ID, "n": _whole(numbers.n), "e": _whole(numbers.e)}
    return {"keys": [key]}


def _key(storage: Storage) -> rsa.RSAPrivateKey:
    """The company's key; kept with its rows, so that tokens outlive a restart."""
    kept = storage.scalar(_SCALAR)
    if kept is None:
        kept = _fresh()
        storage.set_scalar(_SCALAR, kept)
    return _loaded(kept)


@cache
def _fresh() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(*form).decode()


@cache
def _loaded(pem: str) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("the stored signing key is not an RSA key")
    return key


def _packed(value: Mapping[str, Any]) -> str:
    return _url(json.dumps(value, separators=(",", ":")).encode())


def _url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _whole(number: int) -> str:
    return _url(number.to_bytes((number.bit_length() + 7) // 8, "big"))
