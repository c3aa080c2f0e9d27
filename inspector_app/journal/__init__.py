"""The journal (日志): facts as entries, chained by hash, and the projections computed from them."""
