"""The generation store in the Postgres of a Supabase project."""

from services.database.supabase.store import SupabaseGenerationStore

__all__ = ["SupabaseGenerationStore"]
