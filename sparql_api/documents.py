"""Documents (draft)."""

from fastapi import APIRouter

router = APIRouter()
