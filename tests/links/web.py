"""Another web on this machine: a server on 127.0.0.1, and on the addresses beside it nothing."""

import contextlib
import datetime
import ipaddress
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from awareness.links.elsewhere import Elsewhere

HERE = ipaddress.ip_address("127.0.0.1")


class Web:
    """``pages`` is {path: (status, {header: value})}, or what is called with the handler."""

    def __init__(self, port):
        self.port, self.pages, self.asked, self.moments = port, {}, [], []
        self.headers = {}

    def url(self, path, host="127.0.0.1", scheme="http"):
        return f"{scheme}://{host}:{self.port}{path}"

    def to(self, path, status=301):
        return status, {"Location": path}

    def elsewhere(self, **given):
        defaults = {"may": HERE.__eq__, "ports": (self.port,), "pause": 0, "seconds": 0.5}
        return Elsewhere(**defaults | given)

    def look(self, path, **given):
        """What is said of one address, or of a whole one."""
        url = path if "//" in path else self.url(path)
        found = self.elsewhere(**given).look(url)
        return found and (found.fault, found.status, found.moved_to.removeprefix(self.url("")))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        web = self.server.web
        web.asked.append((self.command, self.path))
        web.moments.append(time.monotonic())
        web.headers = dict(self.headers)
        page = web.pages.get(self.path, (404, {}))
        if callable(page):
            page = page(self)
        if page:
            self.send_response(page[0])
            for name, value in {"Content-Length": "0", **page[1]}.items():
                self.send_header(name, value)
            self.end_headers()

    do_HEAD = do_GET = answer  # noqa: N815 - http.server's names

    def log_message(self, *args):
        """Said by the test."""


class Quiet(ThreadingHTTPServer):
    def handle_error(self, *args):
        """Whoever asked has hung up: that is what the test is about."""


@contextlib.contextmanager
def serving(tls=None):
    server = Quiet(("127.0.0.1", 0), Handler)
    server.web = Web(server.server_port)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    yield server.web
    server.shutdown()
    thread.join()
    server.server_close()


def certificate(folder, name="localhost"):
    """(for a server: its certificate, for whoever asks: that it is to be believed)"""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = x509.CertificateBuilder().subject_name(who).issuer_name(who)
    made = made.public_key(key.public_key()).serial_number(1)
    made = made.not_valid_before(now).not_valid_after(now + datetime.timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    pem, private = folder / "certificate.pem", folder / "key.pem"
    pem.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, *form))
    serves = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serves.load_cert_chain(pem, private)
    return serves, ssl.create_default_context(cafile=pem)
