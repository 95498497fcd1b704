"""What comes in by itself: files that appear in a folder, mails in a mailbox."""
