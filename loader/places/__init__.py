"""Places: municipalities, districts and states, and the cells that name them."""
