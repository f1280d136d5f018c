"""Tests in a real browser, against the application served over loopback."""
