"""A passkey as a device holds it, without a browser: what it would send to the site."""

import json

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import sha256, websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

SITE = "http://localhost"
FLAG = AuthenticatorData.FLAG
ID = b"0123456789abcdef"


class Passkey:
    """It is touched, and asks for a finger, a face or a PIN if it is told to."""

    def __init__(self, user):
        self.handle = user_pk_to_url_str(user).encode()
        self.count = 0  # of signatures
        self.key = ec.generate_private_key(ec.SECP256R1())
        public = ES256.from_cryptography_key(self.key.public_key())
        data = self.data(FLAG.AT, bytes(AttestedCredentialData.create(bytes(16), ID, public)))
        made = AttestationObject.create("none", data, {})
        client = CollectedClientData.create("webauthn.create", bytes(32), SITE)
        credential = message(clientDataJSON=client, attestationObject=made)
        Authenticator.objects.create(
            user=user, type="webauthn", data={"name": "Passkey", "credential": credential}
        )

    def data(self, flags, credential=b""):
        return AuthenticatorData.create(
            sha256(b"localhost"), FLAG.UP | flags, self.count, credential
        )

    def answer(self, challenge, with_finger=True):
        self.count += 1
        client = CollectedClientData.create("webauthn.get", websafe_decode(challenge), SITE)
        data = self.data(FLAG.UV if with_finger else FLAG(0))
        signature = self.key.sign(bytes(data) + sha256(client), ec.ECDSA(hashes.SHA256()))
        said = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        return json.dumps(message(**said, userHandle=self.handle))


def message(**response):
    response = {name: websafe_encode(bytes(value)) for name, value in response.items()}
    key = websafe_encode(ID)
    whole = {"id": key, "rawId": key, "type": "public-key", "response": response}
    return {**whole, "clientExtensionResults": {}}
