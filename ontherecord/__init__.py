"""On the Record: who said what about whom, asked in SQL."""
