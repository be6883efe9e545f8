"""The set-up path: four steps from an empty installation to a form that people can fill in and a mail that arrives."""
