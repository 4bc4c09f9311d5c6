"""The store: one SQLite file in WAL mode. Ingest writes it, web reads it, nothing else joins the two.

schema.sql    the truth about what is in the file
connect.py    opening it, for the one writer and for readers
writer.py     the only code that writes
reader.py     every question web asks
records.py    what the reader answers with
"""
