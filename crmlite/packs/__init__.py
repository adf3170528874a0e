"""Industry packs: found, looked at before they may do anything, switched on and off, and kept from
taking crmlite down.

A pack is an installed Python package with an entry point in the group `crmlite.packs` and a
`pack.toml`. All packs are read at start; which of them are on, and in which order, is data.
"""
