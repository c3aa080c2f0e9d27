"""The measurements measure what they say: same work on both sides, figures from what was timed."""
