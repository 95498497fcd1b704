"""Nhắc việc: one digest a body and day, by mail or webhook, written down before it leaves and never sent twice."""
