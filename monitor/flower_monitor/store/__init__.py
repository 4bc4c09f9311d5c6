"""The store: one SQLite file in WAL mode. Ingest writes it, web reads it, nothing else joins the two.

migrations/   what makes the file, step by step; migrate.py runs what a file lacks
connect.py    opening it, for the one writer and for readers
writer.py     the only code that writes
reader.py     every question web asks
records.py    what the reader answers with
"""
