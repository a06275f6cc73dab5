"""What `./dev run` and `./dev test` stand on: embedded servers and the supervisor over them.

Standard library only, so that nothing of the product can be in the way when something is broken.
"""
