"""Where a post may go: how an address has to look, and which IP addresses lie inside (P20, security.md section 5).

Pure. The network is asked elsewhere; what it answers is judged here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from urllib.parse import SplitResult, urlsplit

PORTS = {"https": (443, 8443), "http": (80, 8080)}
LONGEST = 1000
Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# Beyond Python's own flags, which miss several of these (measured on 3.11).
_MORE: tuple[Network, ...] = tuple(
    ip_network(text)
    for text in (
        "100.64.0.0/10",  # carrier-grade NAT
        "192.0.0.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "::/96",  # an IPv4 address in the old, compatible spelling
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",
        "2001::/32",  # Teredo
        "2002::/16",  # 6to4
        "3fff::/20",
        "5f00::/16",
        "fec0::/10",  # site-local
    )
)


@dataclass(frozen=True)
class Allowance:
    """What the operator allows beyond the rule: plain http, hosts (`name` or `name:port`), private networks."""

    http: bool = False
    hosts: tuple[str, ...] = ()
    networks: tuple[Network, ...] = ()

    def names(self, host: str, port: int | None = None) -> bool:
        """Whether the operator named this host, at this port or at any usual one."""
        return host in self.hosts or (port is not None and f"{host}:{port}" in self.hosts)


def is_inside(address: Address) -> bool:
    """Whether an address is anything but a public host: private, loopback, link-local, shared, multicast, embedded."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if not address.is_global or address.is_multicast or address.is_reserved or address.is_unspecified:
        return True
    return any(address.version == network.version and address in network for network in _MORE)


def is_allowed(address: Address, networks: Iterable[Network]) -> bool:
    """Whether the operator named a network that holds this address."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return any(address.version == network.version and address in network for network in networks)


def fault(url: str, allowance: Allowance) -> str:
    """What is wrong with an address before anybody asks the network, in words; empty when nothing is."""
    if len(url) > LONGEST:
        return f"An address has at most {LONGEST} characters."
    if any(character <= " " or character == "\x7f" or ord(character) > 126 for character in url) or "\\" in url:
        return "An address has no spaces, backslashes or letters beyond ASCII."
    parts = _split(url)
    schemes = ("https", "http") if allowance.http else ("https",)
    if parts is None or parts.scheme not in schemes or not parts.hostname:
        return f"Enter an address that starts with {' or '.join(f'{scheme}://' for scheme in schemes)}."
    if parts.username is not None or parts.password is not None or "@" in parts.netloc:
        return "An address with a name or password in front of the host is not taken."
    if parts.fragment:
        return "Leave out what stands after #."
    port = port_of(parts)
    if port not in PORTS[parts.scheme] and f"{parts.hostname}:{port}" not in allowance.hosts:
        usual = " or ".join(str(number) for number in PORTS[parts.scheme])
        return f"Only port {usual} is taken; the operator can allow another one for a host."
    host = parts.hostname.rstrip(".")
    local = host == "localhost" or host.endswith((".localhost", ".local", ".internal"))
    if local and not allowance.names(parts.hostname, port):
        return INSIDE
    return ""


INSIDE = "This address lies inside the network. The operator can allow its host."


def port_of(parts: SplitResult) -> int:
    """The port of an address, the scheme's usual one when it names none."""
    return PORTS[parts.scheme][0] if parts.port is None else parts.port


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port  # a port that is no number raises here
    except ValueError:
        return None
    return parts


def shown(url: str) -> str:
    """The address as it may be shown: its host alone, since what follows is the secret."""
    parts = _split(url)
    return f"{parts.hostname or ''}/…" if parts and url else ""
