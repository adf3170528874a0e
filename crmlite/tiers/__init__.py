"""Tiers: points by factors, proposals each quarter, pins; packs may choose."""
