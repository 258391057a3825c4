"""The report: one HTML file on the whole warehouse. Behind publish, and by hand."""
