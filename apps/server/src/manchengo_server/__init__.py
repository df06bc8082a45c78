"""The central server: commits come in, each gets its place and its verdict, and goes out again."""
