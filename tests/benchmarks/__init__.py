"""How fast the product is, beside the least that the same work can cost: `./dev bench`."""
