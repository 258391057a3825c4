"""The report: one HTML file about the whole warehouse."""
