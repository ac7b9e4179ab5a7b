"""The client of the POS document, as it stands there, run against a hub: pos_client.py BASE_URL TOKEN. Its last line is what it ended with."""
import sys
import time

try:
    import requests
except ImportError:
    # As much of the library as the client uses, for machines without it.
    import json
    import types
    import urllib.request

    class _Response:
        def __init__(self, answer):
            self.body = answer.read()

        def raise_for_status(self):
            pass  # urllib has raised already.

        def json(self):
            return json.loads(self.body)

    def _send(url, headers, method, body=None):
        return _Response(urllib.request.urlopen(urllib.request.Request(url, body, headers, method=method)))

    requests = types.SimpleNamespace(
        post=lambda url, json, headers: _send(url, headers, "POST", __import__("json").dumps(json).encode()),
        get=lambda url, headers: _send(url, headers, "GET"))


class POSSyncClient:
    def __init__(self, base_url, auth_token):
        self.base_url = base_url
        self.headers = {
            "Authorization": f"Bearer {auth_token}",
            "Content-Type": "application/json"
        }

    def trigger_sync(self, order_ids=None, sync_all=True):
        """Trigger manual sync"""
        payload = {
            "terminal_id": "POS-001",
            "sync_all_pending": sync_all
        }

        if order_ids:
            payload["order_ids"] = order_ids
            payload["sync_all_pending"] = False

        response = requests.post(
            f"{self.base_url}/pos/sync",
            json=payload,
            headers=self.headers
        )
        response.raise_for_status()
        return response.json()

    def get_sync_status(self):
        """Get current sync status"""
        response = requests.get(
            f"{self.base_url}/pos/sync/status",
            headers=self.headers
        )
        response.raise_for_status()
        return response.json()

    def wait_for_sync_completion(self, timeout=300):
        """Wait for all pending syncs to complete"""
        start_time = time.time()

        while time.time() - start_time < timeout:
            status = self.get_sync_status()
            pending = status["sync_status_counts"]["pending"]
            in_progress = status["sync_status_counts"]["in_progress"]

            if pending == 0 and in_progress == 0:
                return True

            time.sleep(5)  # Check every 5 seconds

        return False


client = POSSyncClient(sys.argv[1], sys.argv[2])
result = client.trigger_sync()
print(f"Sync initiated: {result['orders_queued']} orders queued")
print(client.wait_for_sync_completion())
