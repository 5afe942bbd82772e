"""Brings everything from the folder to a Supabase project, or back."""
