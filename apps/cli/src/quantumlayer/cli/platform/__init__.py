"""The embedded platform: its parts, the supervisor that keeps them, and what starts and stops it.

`control` starts and stops it, `state` says how it is, `access` is what a client needs to use it.
"""
