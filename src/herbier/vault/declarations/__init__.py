"""What a vault already declares for other programs: its editor, its site's generator, its content management system."""
