"""What the pages share: the session, guards, errors and widgets."""
