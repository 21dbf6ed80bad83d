//! Evidence from scratch: a history goes up, down and up again and reaches the models.
