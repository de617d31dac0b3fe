"""Answers on what is published and why: explanations, inventories, and what is proposed to the keeper."""
