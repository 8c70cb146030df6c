"""The vendor's own Node SDK, unchanged, as a test may call it: a Node process that runs one function class at a time (intacct-xml §9.1)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx

from tieout.sandbox.run import Running, start

HOME = Path(__file__).parent / "node"
# The SDK takes only endpoints in the vendor's own domain, also in the reply to the sign-in.
ADVERTISED = "https://api.intacct.com/ia/xml/xmlgw.phtml"
Answer = dict[str, Any]


def absence() -> str:
    """Why the SDK cannot be run here, or nothing."""
    if shutil.which("node") is None:
        return "Node is missing, so the vendor's SDK was not run: install Node 20 and run make test again"
    if not (HOME / "node_modules" / "@intacct" / "intacct-sdk").is_dir():
        return "The vendor's Node SDK is missing, so it was not run: npm ci --prefix tests/contract/node"
    return ""


class RefusedBySdk(Exception):
    """What the SDK threw: the class of its exception, its message, and the errors it read from the reply."""

    def __init__(self, thrown: dict[str, Any]) -> None:
        super().__init__(thrown["message"], *thrown["errors"])
        self.name: str = thrown["name"]
        self.message: str = thrown["message"]
        self.errors: list[str] = thrown["errors"]


class NodeSdk:
    """One Node process with the SDK, signed in to one emulator."""

    def __init__(self, emulator: Running) -> None:
        self.emulator = emulator
        environment = {**os.environ, "EMULATOR_URL": f"{emulator.url}/ia/xml/xmlgw.phtml", "TZ": "UTC"}
        command = ["node", str(HOME / "driver.mjs")]
        self._process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def close(self) -> None:
        """Ends the process."""
        self._process.communicate()

    def ask(self, do: str, **command: Any) -> Any:
        """What the SDK makes of one command; raises RefusedBySdk with what it threw."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": do, **command}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        if "refused" in answer:
            raise RefusedBySdk(answer["refused"])
        return answer["value"]

    def sign_in(self, **config: str) -> Answer:
        """Signs in anew; `config` are names of the SDK's ClientConfig."""
        found: Answer = self.ask("sign in", **config)
        return found

    def run(self, name: str, **values: Any) -> Answer:
        """Runs one function class with these properties."""
        return self.send(made(name, **values))

    def send(self, function: Any) -> Answer:
        """Runs one function however it is made."""
        (found,) = self.ask("run", functions=[function])
        return dict(found)

    def number(self, name: str, **values: Any) -> str:
        """The record number of what a function class created, whether its function says RECORDNO or key."""
        found = self.run(name, **values)
        assert found["status"] == "success", found
        return str(found["key"] if found.get("key") else found["data"][0]["RECORDNO"])

    def read(self, kind: str, number: str, *fields: str) -> Answer:
        """One record by its number, through the SDK's Read."""
        found = self.run("Common.Read", objectName=kind, keys=[int(number)], fields=list(fields))
        assert found["count"] == 1, found
        return dict(found["data"][0])

    def stored(self, kind: str) -> list[Answer]:
        """Every row of a kind, past the SDK."""
        found: list[Answer] = httpx.get(f"{self.emulator.url}/_sandbox/objects/{kind}").raise_for_status().json()
        return found

    def set(self, **settings: Any) -> None:
        """Settings of the company."""
        httpx.put(f"{self.emulator.url}/_sandbox/settings", json=settings).raise_for_status()

    def add(self, kind: str, **values: Any) -> Answer:
        """A row the gateway itself cannot make."""
        found: Answer = httpx.post(f"{self.emulator.url}/_sandbox/objects/{kind}", json=[values]).raise_for_status().json()
        return found


def made(name: str, *args: Any, **values: Any) -> Answer:
    """An object of a class of the SDK, with these properties."""
    return {"class": name, "args": list(args), "set": values}


def day(text: str) -> Answer:
    """A JavaScript date."""
    return {"date": text}


def open_sdk() -> tuple[NodeSdk, dict[str, Running]]:
    """The SDK signed in to a fresh, empty company, and what to stop afterwards."""
    running = start(("intacct",), world="empty", settings={"advertise_endpoint": ADVERTISED})
    sdk = NodeSdk(running["intacct"])
    sdk.sign_in()
    return sdk, running
