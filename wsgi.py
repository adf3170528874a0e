"""What a web server imports: `app`."""

from crmlite.app import create_app

app = create_app()
