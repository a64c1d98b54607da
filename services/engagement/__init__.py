"""Engagement: campaigns as data, platforms behind one port, replies that a person approves."""
