"""Three answers beside a list: who is unheard, what would it take to change it, which items split the vote.

Each is a function in a module of its name: `unheard`, `what_would_it_take`, `twins`.
"""
