"""The server: its processes, and the way from the network to the application."""
