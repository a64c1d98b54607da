"""When a process is due, and what becomes of a start that was missed or comes while another runs."""
