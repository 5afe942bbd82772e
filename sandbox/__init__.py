"""A Discord on loopback with a simulated Midjourney, for the demo, tests and benchmarks."""

from sandbox.interactions import Interaction
from sandbox.people import SandboxUser
from sandbox.server import Sandbox
from sandbox.switches import Switches

__all__ = ["Interaction", "Sandbox", "SandboxUser", "Switches"]
