"""What comes back: delivery reports, complaints, stops by mail, automatic answers, and what people write."""
