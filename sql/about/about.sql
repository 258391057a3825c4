-- One row: what the warehouse is, and what made it.

from mart.about
