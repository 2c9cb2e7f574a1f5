"""The verbs: every change of state and every rule. One module for each family; nothing here knows of HTTP."""
