"""The rows of the registry, a file a family. A new method is a row here and a file in `aggregation/methods`."""
