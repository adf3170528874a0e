"""Strategies: how customers are kept in touch with. So far those that packs declare are read."""
