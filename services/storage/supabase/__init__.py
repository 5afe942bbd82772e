"""The image store in a bucket of a Supabase project's Storage."""

from services.storage.supabase.bucket import prepare_bucket
from services.storage.supabase.store import SupabaseImageStore

__all__ = ["SupabaseImageStore", "prepare_bucket"]
