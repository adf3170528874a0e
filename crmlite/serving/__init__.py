"""Serving: the web server and a worker, watched over by one process."""
