//! What an edit costs, counted.
