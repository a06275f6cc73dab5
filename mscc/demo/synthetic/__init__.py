"""A made-up past, as large as is wanted: closed referrals that nobody lived through the product.

The stories of the demo are told through its own commands, one by one. Here the same rows are made
in memory, judged by the same code as real ones, and copied in.
"""
