"""What Manchengo costs, beside the plainest thing that does the same work on the same machine."""
