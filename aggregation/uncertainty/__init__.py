"""How sure a list is: places it may have, what one person changes, whether other methods agree, how many to ask."""
