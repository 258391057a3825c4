"""Coding: sheets on which people check quotes, and what their answers say."""
