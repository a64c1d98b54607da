"""What a project's files are like: size, complexity, churn, and the impact score that follows from them."""
