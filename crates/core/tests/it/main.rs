//! What both halves share, through its public interface: front matter and the values in it.

mod front_matter;
