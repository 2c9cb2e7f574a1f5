"""For everybody: answer an open round with a slip, or with a code made on the way."""
