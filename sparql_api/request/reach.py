"""Reach: which addresses are out on the public internet, and which lead back inside."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

_TRANSLATED = IPv6Network("64:ff9b::/96")  # NAT64 (RFC 6052): the last 32 bits are an IPv4 address


def is_literal(host: str) -> bool:
    """Whether a host is an address itself, in its usual spelling; `127.1` is a name."""
    try:
        return bool(ip_address(host.strip("[]")))
    except ValueError:
        return False


def is_public(text: str) -> bool:
    """Whether an address is public, and so is every IPv4 address that hides in it."""
    try:
        address = ip_address(text.strip("[]").partition("%")[0])
    except ValueError:
        return False
    inner = _inner(address) if isinstance(address, IPv6Address) else []
    return all(map(_is_public, inner)) if inner else _is_public(address)


def _inner(address: IPv6Address) -> list[IPv4Address]:
    """IPv4 addresses that an IPv6 address stands for: mapped, 6to4, Teredo, NAT64."""
    if address.ipv4_mapped:
        return [address.ipv4_mapped]
    if address.sixtofour:
        return [address.sixtofour]
    if address.teredo:
        return list(address.teredo)
    if address in _TRANSLATED:
        return [IPv4Address(int(address) & 0xFFFFFFFF)]
    return []


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    inside = address.is_multicast or address.is_reserved or address.is_unspecified
    site = isinstance(address, IPv6Address) and address.is_site_local
    return address.is_global and not inside and not site
