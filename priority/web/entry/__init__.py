"""Coming in and going out: links, codes, sign-in."""
