"""Nhập bảng theo dõi: what an office's own tracking table says, held against the register."""
