"""Follow-ups with customers, next steps, tasks and promises."""
