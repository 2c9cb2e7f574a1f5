"""The demo exercise: real texts of made-up people, made-up answers of a stated model, through the real services."""
