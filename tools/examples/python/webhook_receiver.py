#!/usr/bin/env python3
"""Receives events of a project, and believes only those that are signed.

    python3 webhook_receiver.py --port 8090 --secret whsec_...

The secret is what `synth webhooks create` printed. Needs nothing but Python.
"""
import argparse
import base64
import hashlib
import hmac
import json
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

MAX_AGE_SECONDS = 300
MAX_BODY_BYTES = 1 << 20


def is_authentic(key, headers, body):
    """Whether the request was signed with the key within the last minutes: what is older may be somebody's copy."""
    identifier, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > MAX_AGE_SECONDS:
        return False
    wanted = base64.b64encode(hmac.new(key, f"{identifier}.{timestamp}.".encode() + body, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(f"v1,{wanted}", signature) for signature in headers.get("webhook-signature", "").split(" "))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument("--secret", required=True)
    parser.add_argument("--count", type=int, default=0, help="end after so many events; 0 goes on")
    arguments = parser.parse_args()
    key = base64.b64decode(arguments.secret.removeprefix("whsec_"))
    seen = set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(min(int(self.headers.get("content-length", 0)), MAX_BODY_BYTES))
            authentic = is_authentic(key, self.headers, body)
            self.send_response(204 if authentic else 401)
            self.end_headers()
            event = json.loads(body) if authentic else None
            if event and event["id"] not in seen:  # Events can arrive twice.
                seen.add(event["id"])
                print(event["type"], event["subject"], json.dumps(event["data"]), flush=True)

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", arguments.port), Handler) as server:
        while arguments.count == 0 or len(seen) < arguments.count:
            server.handle_request()


if __name__ == "__main__":
    main()
