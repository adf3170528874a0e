"""Networks of visitors: who comes from one is taken for one, since addresses within it cost nothing."""

import ipaddress


def network(address: str | None) -> str:
    """The network of an address: /24 for IPv4, /64 for IPv6; `local` without an address."""
    try:
        found = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return "local"
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    length = 24 if found.version == 4 else 64
    return str(ipaddress.ip_network(f"{found}/{length}", strict=False))
