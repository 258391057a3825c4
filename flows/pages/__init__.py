"""Pages: what all HTML pages share, their style, their templates' environment, and how they are written."""
