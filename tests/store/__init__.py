"""Tests of the home: database, migrations, files, lock."""
