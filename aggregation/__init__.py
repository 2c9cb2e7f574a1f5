"""Turns ratings and rankings into consensus: arrays in, results out."""
